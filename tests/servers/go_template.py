"""Go's own templates, from `tests/go/template.go`: what Grafana's annotations and messages become."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.servers.process import find_program, missing

SOURCE = Path(__file__).parents[1] / "go" / "template.go"
HOW = "Go is missing: `apt-get install -y golang-go`, or name the program in MESSNETZ_TEST_GO"


class GoTemplate:
    """Fills templates; raises `subprocess.CalledProcessError` with Go's words for one that is wrong."""

    def __init__(self, folder: Path) -> None:
        go = find_program("go", "MESSNETZ_TEST_GO") or missing(HOW)
        self._program = folder / "template"
        subprocess.run([str(go), "build", "-o", str(self._program), str(SOURCE)], check=True)

    def annotation(self, template: str, labels: Mapping[str, str], values: Mapping[str, float]) -> str:
        """An annotation or label of a rule, with `$labels` and `$values`."""
        return self._fill(annotations=[{"template": template, "labels": labels, "values": values}])

    def message(self, template: str, name: str, data: Mapping[str, Any]) -> str:
        """A template of messages; `data` has Status, Alerts and CommonLabels."""
        return self._fill(messages=[{"template": template, "name": name, "data": data}])

    def _fill(self, **asked: Sequence[Mapping[str, Any]]) -> str:
        done = subprocess.run(
            [str(self._program)], input=json.dumps(asked), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        text: str = json.loads(done.stdout)[0]
        return text
