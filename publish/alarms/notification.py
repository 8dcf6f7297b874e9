"""How a message of Grafana reads: every alarm with its text, in German and below it in English.

`.StartsAt.Local` is in the time zone of Grafana's container (`TZ`).
https://grafana.com/docs/grafana/v11.6/alerting/configure-notifications/template-notifications/reference/
"""

from typing import Any

from devices.language import Language, Sentence, in_language, say
from publish.alarms.alarm import Text

#: The names under which contact points ask for them.
TITLE, MESSAGE = "messnetz.title", "messnetz.message"

_TIME = '.Local.Format "02.01.2006 15:04"'


def templates() -> list[dict[str, Any]]:
    """The templates, for provisioning."""
    text = _define(TITLE, _title()) + _define(MESSAGE, _message("de") + _message("en"))
    return [{"orgId": 1, "name": "messnetz", "template": text}]


def _define(name: str, template: str) -> str:
    return f'{{{{ define "{name}" }}}}{template}{{{{ end }}}}\n'


def _no_answer() -> Text:
    """What Grafana tells under a name of its own, with the words of the rule that could not be asked."""
    return Text(
        title=say("Prometheus does not answer"),
        where=say("Grafana cannot ask it"),
        since=say("the begin of this alarm"),
        cause=say(
            "Prometheus stands still, or Grafana has a wrong address; nothing is known of the service itself"
            " meanwhile"
        ),
        step=say("look whether Prometheus runs, and at MESSNETZ_PROMETHEUS_URL of Grafana"),
    )


def _title() -> str:
    """What is wrong and where, as far as the alarms of the message share it."""
    alarm, well = (in_language(one, "de") for one in _words())
    no_answer = in_language(_no_answer().title, "de")
    return (
        f'{{{{ if eq .Status "firing" }}}}{alarm} ({{{{ len .Alerts.Firing }}}}){{{{ else }}}}{well}'
        "{{ end }}{{ with .CommonLabels.alertname }}"
        f' {{{{ if eq . "DatasourceError" }}}}{no_answer}{{{{ else }}}}{{{{ . }}}}{{{{ end }}}}{{{{ end }}}}'
        "{{ with .CommonLabels.site }}, {{ . }}{{ end }}"
    )


def _words() -> tuple[Sentence, Sentence]:
    return say("Alarm"), say("All-clear")


def _message(language: Language) -> str:
    """The alarms, then the all-clears; one that ends because its data ended is no good news and says so."""
    since, until, unknown = (
        in_language(one, language)
        for one in (
            say("alarm since"),
            say("all-clear at"),
            say("Nothing comes from there any more: nobody knows whether it is well."),
        )
    )
    alarm, well = (in_language(one, language) for one in _words())
    summary, description = (
        ("summary", "description") if language == "de" else ("summary_en", "description_en")
    )
    other = '{{ if eq .Labels.alertname "DatasourceError" }}'
    no_answer = _no_answer()
    what = (
        f"{other}{in_language(no_answer.summary, language)}"
        f"{{{{ else }}}}{{{{ .Annotations.{summary} }}}}{{{{ end }}}}"
    )
    more = (
        f"{other}{in_language(no_answer.description, language)}"
        f"{{{{ else }}}}{{{{ .Annotations.{description} }}}}{{{{ end }}}}"
    )
    return f"""
{{{{ range .Alerts.Firing }}}}{alarm}: {what}
{more}
({since} {{{{ .StartsAt{_TIME} }}}})

{{{{ end }}}}{{{{ range .Alerts.Resolved }}}}{well}: {what}
{{{{ if eq .Annotations.grafana_state_reason "MissingSeries" }}}}{unknown}
{{{{ end }}}}({until} {{{{ .EndsAt{_TIME} }}}})

{{{{ end }}}}"""
