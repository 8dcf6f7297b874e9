"""A `docker` that writes down how it was called and does it here: what would be a container is this machine.

FAKE_DOCKER is the installation's folder, FAKE_DOCKER_RUNNING says whether the service counts as running. Of a
container it keeps: which folders are there, under which names, the terminal, the variables.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

OPTIONS_WITH_VALUE = {"--env", "--volume", "--user", "--workdir", "--tag", "--progress", "--profile"}


def main() -> int:
    words = sys.argv[1:]
    folder = Path(os.environ["FAKE_DOCKER"])
    with (folder / "calls").open("a", encoding="utf-8") as log:
        log.write(json.dumps({"words": words, "cwd": str(Path.cwd())}) + "\n")
    if words[0] == "build":
        sys.stdout.write("building\n")
        return 0
    if words[0] == "run":
        options, rest = split(words[1:])
        return start(rest[1:], options, Path(value(options, "--workdir")))
    options, words = split(words[1:])
    if words[0] == "up" or words == ["ps"]:
        return 0
    if words[0] == "ps":
        sys.stdout.write("f00d\n" if os.environ.get("FAKE_DOCKER_RUNNING") else "")
        return 0
    options, rest = split(words[1:])
    assert rest[0] == "messnetz", rest
    if words[0] == "exec":
        assert rest[1] == "messnetz", "what runs inside is named"
        rest = rest[1:]
        assert not any(name == "--volume" for name, _ in options), "exec mounts nothing"
    if "-T" not in dict(options) and not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("the input device is not a TTY\n")
        return 1
    return start(rest[1:], options, folder)


def split(words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The options before the service or image, and what comes from there on."""
    options: list[tuple[str, str]] = []
    while words and words[0].startswith("-"):
        name, words = words[0], words[1:]
        given = name in OPTIONS_WITH_VALUE
        options.append((name, words[0] if given else ""))
        words = words[1:] if given else words
    return options, words


def value(options: list[tuple[str, str]], name: str) -> str:
    """The option's value."""
    return dict(options)[name]


def start(arguments: list[str], options: list[tuple[str, str]], cwd: Path) -> int:
    """The command itself; only what is mounted or below the installation may be named."""
    mounted = [Path(given.split(":")[0]) for name, given in options if name == "--volume"]
    home = os.environ["FAKE_DOCKER"]
    inside = [word.replace("/messnetz/", f"{home}/") for word in arguments]
    for word in arguments:
        if word.startswith("/") and not word.startswith("/messnetz/"):
            assert any(Path(word).is_relative_to(one) for one in mounted), f"{word} is not mounted"
    variables = dict(given.split("=", 1) for name, given in options if name == "--env" and "=" in given)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONUNBUFFERED") if name in os.environ}
    command = [os.environ["FAKE_DOCKER_PYTHON"], "-m", "ingest", *inside]
    return subprocess.run(
        command, cwd=cwd, env={**kept, "TZ": "Europe/Berlin", **variables}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
