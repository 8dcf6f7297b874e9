"""What an export is about: places, quantities and a time out of what was said, or what is wrong with it."""

from dataclasses import replace
from typing import Any, get_args
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.device import Device
from devices.quantity import CATALOGUE
from devices.registry import Registry
from publish.export.aggregate import AGGREGATES, ALLOWED, aggregate
from publish.export.ask import FORMATS, Ask, Every
from publish.export.choose import choose
from publish.export.chosen import Chosen
from publish.export.errors import AskRefused, ExportFailed, NothingFound
from publish.export.parse import CHARACTERS, KEYS, PARAMETERS, SEVERAL, parse
from tests.city import load_giessen

GIESSEN = load_giessen()
NOW = 1_795_440_000 * 10**9  # 2026-11-23 14:20 in Berlin
PM = "luft-marktplatz"


def registry(*devices: Device) -> Registry:
    """A registry of these devices."""
    return Registry(devices={one.id: one for one in devices})


def changed(name: str, **more: Any) -> Device:
    """A device of the sample city with other fields."""
    device = GIESSEN.devices[name]
    other = replace(device, **more)
    object.__setattr__(other, "installations", device.installations)
    return other


def chosen(query: str, where: Registry = GIESSEN) -> Chosen:
    """What is chosen by the query of an address; the last 30 days without a time in it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    if not {"from", "to", "last"} & {key for key, _ in pairs}:
        pairs.append(("last", "30d"))
    return choose(parse(pairs), where, NOW)


def refused(query: str, where: Registry = GIESSEN) -> ExportFailed:
    """Why the query is refused."""
    with pytest.raises(ExportFailed) as error:
        chosen(query, where)
    assert str(error.value).isprintable()
    assert error.value.hint
    return error.value


def names(found: Chosen) -> dict[str, list[str]]:
    return {measurement: [one.name for one in several] for measurement, several in found.quantities.items()}


def test_a_site_is_all_that_is_measured_there() -> None:
    found = chosen("site=Marktplatz")
    assert [one.id for one in found.devices] == [PM]
    assert names(found) == {
        "air_quality": ["pm1", "pm2_5", "pm4", "pm10"],
        "weather": ["air_temperature", "relative_humidity", "air_pressure"],
    }
    assert found.zone.key == "Europe/Berlin"
    assert found.now_ns == NOW


def test_a_filter_takes_several_and_filters_narrow_each_other() -> None:
    both = chosen("site=Marktplatz&site=Westanlage")
    assert {one.site for one in both.devices} == {"Marktplatz", "Westanlage"}
    assert [one.id for one in both.devices] == sorted(one.id for one in both.devices)
    narrowed = chosen("district=Innenstadt&quantity=pm2_5&label=inventar")
    assert {one.site for one in narrowed.devices} == {"Marktplatz", "Johannesstraße", "Westanlage"}
    assert names(narrowed) == {"air_quality": ["pm2_5"]}


@pytest.mark.parametrize(
    ("query", "devices"),
    [
        ("label=inventar=20931", {PM}),
        ("label=mast", {PM, "luft-westanlage"}),
        ("label=mast=4711&label=inventar=20932", {PM, "luft-johannesstrasse"}),
        (f"device={PM}", {PM}),
        ("municipality=giessen&quantity=no2", {"luft-westanlage", "luft-frankfurter-strasse"}),
    ],
)
def test_labels_ids_and_municipalities_choose(query: str, devices: set[str]) -> None:
    assert {one.id for one in chosen(query).devices} >= devices
    assert "rad-lahnuferweg" not in {one.id for one in chosen(query).devices}


def test_a_car_park_is_chosen_by_the_name_its_series_has() -> None:
    found = chosen("device=lot:giessen:Brandplatz&every=1h")
    assert {one.lot for one in found.devices} == {"Brandplatz"}
    assert names(found) == {"parking": ["occupied", "arrivals", "stay"]}


def test_what_is_computed_is_chosen_by_what_it_is_computed_of() -> None:
    assert names(chosen("quantity=departures&every=1h")) == {"parking": ["occupied"]}
    assert "give every" in refused("quantity=occupancy").hint


def test_a_place_that_was_given_up_is_still_there() -> None:
    device = changed(PM)
    gone = replace(device.installations[0], end_ns=1)
    object.__setattr__(device, "installations", (gone,))
    assert [one.id for one in chosen("site=Marktplatz", registry(device)).devices] == [PM]


def test_health_and_counter_readings_come_only_when_named() -> None:
    everything = names(chosen("municipality=giessen"))
    assert "device" not in everything
    assert not [name for several in everything.values() for name in several if name.endswith("_total")]
    assert names(chosen("quantity=battery_voltage&quantity=rssi")) == {"device": ["battery_voltage", "rssi"]}
    for never in ("interval", "rx_ok", "state"):
        assert f"the quantity {never} is unknown" in str(refused(f"quantity={never}"))


def test_what_a_calibration_makes_is_measured_too() -> None:
    levels = [one for one in GIESSEN.devices.values() if "water_level" in one.installations[0].calibration]
    for device in levels:
        assert "water_level" in names(chosen(f"device={device.id}")).get("water", [])


@pytest.mark.parametrize(
    ("query", "words", "hint"),
    [
        ("site=Marktplaz", "the site Marktplaz is unknown (did you mean Marktplatz?)", "Brandplatz"),
        ("device=luft-marktplaz", "did you mean luft-marktplatz?", "luft-wieseck"),
        ("municipality=wetzlar", "the municipality wetzlar is unknown", "giessen"),
        ("district=Innenstat", "did you mean Innenstadt?", "Wieseck"),
        ("label=inventar=20930", "the label inventar=20930 is unknown (did you mean", "inventar=20931"),
        ("label=inventr", "did you mean inventar?", "inventar, mast"),
        ("quantity=pm25", "the quantity pm25 is unknown (did you mean pm2_5?)", "pm2_5"),
        ("quantity=temperatur", "did you mean air_temperature?", "air_temperature"),
        ("quantity=laeq&site=Marktplatz", "laeq is not measured at these places", "pm2_5"),
        ("quantity=pm2_5&quantity=laeq&site=Marktplatz", "laeq is not measured", "pm2_5"),
        (
            "site=Marktplatz&district=Wieseck",
            "no place fits all of it: district Wieseck; site Marktplatz",
            "leave",
        ),
        ("from=2026-01-01&last=3d", "last and from (or to) exclude each other", "leave one"),
        ("aggregate=max", "aggregate max needs windows", "every 1h"),
        ("aggregate=median&every=1h", "aggregate median is not known", "energy_mean"),
        ("aggregate=sum&every=1h&quantity=pm10", "aggregate sum makes no sense for pm10", "mean, min, max"),
        ("aggregate=mean&every=1h&quantity=count", "for count: it is counted", "allowed for count: sum"),
        ("aggregate=mean&every=1h&quantity=wind_direction", "350° and 10°", "circular_mean"),
        ("aggregate=mean&every=1h&quantity=sound_level", "energy_mean", "energy_mean, min, max"),
        ("aggregate=sum&every=1h&quantity=occupied", "time_weighted", "time_weighted"),
        ("aggregate=max&every=1h", "which is measured there, too", "name the quantities that it fits: pm1"),
        ("figures=traffic&every=1h", "figures are for the whole time", "leave out every"),
        ("figures=traffic&quantity=count", "made of all", "leave out quantity"),
        ("figures=traffic&aggregate=max", "needs windows", "leave out aggregate"),
        ("figures=traffic&shape=wide", "shape wide does not go", "leave out shape"),
        ("figures=traffic&site=Marktplatz", "none of these places counts traffic", "pm2_5"),
        ("shape=wide&format=gpkg", "gpkg has a row a value", "xlsx"),
        ("shape=wide&format=geojson", "geojson has a row a value", "xlsx"),
        ("every=1d&last=1h", "no window of 1d is over", "earlier"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(query: str, words: str, hint: str) -> None:
    error = refused(query)
    assert isinstance(error, AskRefused)
    assert words in str(error)
    assert hint in error.hint


def test_a_long_list_of_what_there_is_is_cut() -> None:
    many = registry(*(changed(PM, id=f"p{at}", site=f"Platz {at}") for at in range(500)))
    error = refused("site=Platz 4a", many)
    assert "and 470 more" in error.hint
    assert "Platz 49, " in error.hint  # those that begin like it
    assert len(error.hint) < 1000


def test_places_of_several_time_zones_are_refused() -> None:
    both = registry(changed(PM), changed("luft-wieseck", timezone="Europe/Lisbon"))
    assert "Europe/Berlin, Europe/Lisbon" in str(refused("quantity=pm10", both))


def test_a_filter_that_fits_nothing_anywhere_says_so() -> None:
    bare = registry(changed(PM, labels={}, district=None))
    assert "no place has any" in refused("label=x", bare).hint
    assert "no place has any" in refused("district=x", bare).hint


def test_no_place_at_all_says_so() -> None:
    assert isinstance(refused("last=1d", Registry()), NothingFound)


# Audiences: luft-marktplatz is open, luft-wieseck for partners, luft-philosophenwald for nobody else.


def test_an_audience_gets_what_publish_allows() -> None:
    def publishes(audience: str) -> set[str]:
        return {
            one.publish
            for one in chosen(f"quantity=pm2_5&quantity=occupied&every=1h&audience={audience}").devices
        }

    assert publishes("internal") == {"none", "partners", "open"}
    assert publishes("partners") <= {"partners", "open"}
    half = chosen("site=Alte Schule Wieseck&site=Marktplatz&audience=open")
    assert [one.id for one in half.devices] == [PM]  # the other is left out


@pytest.mark.parametrize(
    "query",
    [
        "device=luft-wieseck&audience=open",
        "district=Wieseck&quantity=pm10&audience=open",
        "device=luft-philosophenwald&audience=partners",
    ],
)
def test_an_audience_that_may_have_nothing_of_it_is_told_so(query: str) -> None:
    error = refused(query)
    assert isinstance(error, NothingFound)
    assert "none of these places is released for" in str(error)
    assert "publish: " in error.hint


def test_what_is_measured_only_where_the_audience_may_not_look_is_left_out() -> None:
    assert names(chosen("quantity=pm2_5&quantity=occupied&every=1h&audience=partners")) == {
        "air_quality": ["pm2_5"]
    }
    assert isinstance(refused("quantity=occupied&every=1h&audience=partners"), NothingFound)
    assert isinstance(refused("figures=parking&audience=partners"), NothingFound)


def test_no_message_names_a_place_that_the_audience_may_not_have() -> None:
    hidden = {one.id for one in GIESSEN.devices.values() if one.publish == "none"}
    for query in (
        "device=luft-x",
        "device=luft-philosophenwal",
        "site=Philosophenwal",
        "label=x",
        "district=Os",
    ):
        error = refused(f"{query}&audience=partners")
        said = f"{error} {error.hint}".replace(query.partition("=")[2], "")
        assert not [name for name in (*hidden, "Philosophenwald") if name in said]


def test_no_message_for_others_has_an_eui_in_it() -> None:
    where = registry(changed(PM, id="eui-70b3d57ba0000a1c", publish="partners"))
    error = refused("device=eui-x&audience=partners", where)
    assert "70b3d57ba0000a1c" not in f"{error} {error.hint}"
    masked = error.hint.split(": ")[1]
    assert [one.id for one in chosen(f"device={masked}&audience=partners", where).devices] == [
        "eui-70b3d57ba0000a1c"
    ]


def test_single_bays_are_open_to_nobody() -> None:
    bay = next(one for one in GIESSEN.devices.values() if one.bay)
    where = registry(changed(bay.id, publish="open"), changed(PM))
    assert "single parking bays are never open" in str(refused(f"device={bay.id}&audience=open", where))
    assert [one.id for one in chosen("audience=open", where).devices] == [PM]
    of_lots = chosen("audience=open&every=1h", where)
    assert {one.id for one in of_lots.devices} == {bay.id, PM}
    assert not of_lots.single_bays
    assert chosen("audience=partners&every=1h", where).single_bays


# Aggregates


@pytest.mark.parametrize("quantity", CATALOGUE.values(), ids=lambda one: one.name)
def test_every_quantity_has_its_own_rule_and_refuses_what_is_none(quantity: Any) -> None:
    assert aggregate(quantity, "auto") == quantity.summary == ALLOWED[quantity.summary][0]
    for word in AGGREGATES[1:]:
        if word in ALLOWED[quantity.summary]:
            assert aggregate(quantity, word) == word
        else:
            with pytest.raises(AskRefused) as error:
                aggregate(quantity, word)
            assert quantity.summary in error.value.hint


# Parameters


def test_parameters_make_an_ask() -> None:
    assert parse(
        [
            ("site", " Marktplatz "),
            ("site", "Marktplatz"),
            ("site", "Ost"),
            ("from", "2026-01-01"),
            ("to", ""),
        ]
    ) == Ask(site=("Marktplatz", "Ost"), begin="2026-01-01")
    assert parse([("format", "xlsx"), ("format", "xlsx"), ("every", "1h")]) == Ask(format="xlsx", every="1h")


@pytest.mark.parametrize(
    ("params", "words", "hint"),
    [
        ([("sites", "x")], "there is no parameter sites (did you mean site?)", "from, site"),
        ([("begin", "2026-01-01")], "there is no parameter begin (did you mean from?)", "from"),
        ([("every", "1hour")], "every 1hour is not known", "15min, 1h"),
        ([("format", "xls")], "format xls is not known (did you mean xlsx?)", "csv-de"),
        ([("lang", "fr")], "lang fr is not known", "de, en"),
        ([("audience", "all")], "audience all is not known", "internal, partners, open"),
        ([("figures", "air")], "figures air is not known", "traffic, parking"),
        ([("last", "1d"), ("last", "2d")], "last stands twice: 1d and 2d", "once"),
        ([("site", "a\x00b")], r"site a\x00b: has signs in it that cannot be seen", "anew"),
        ([("site", "a\nb")], r"a\nb", "line breaks"),
        ([("site", "\udcff")], r"\udcff", "anew"),
        ([("\x00" * 5, "1")], r"there is no parameter \x00\x00", "site"),
        ([("site", "x" * 1_000_000)], "is too long", str(CHARACTERS)),
        ([("x" * 1_000_000, "1")], "there is no parameter xxx", "site"),
        ([("site", "x")] * 10_000, "10000 parameters: too many", str(PARAMETERS)),
        ([("site", "\u202egnp.exe")], None, None),
    ],
)
def test_a_nasty_parameter_is_refused_shortly(
    params: list[tuple[str, str]], words: str | None, hint: str | None
) -> None:
    with pytest.raises(AskRefused) as error:
        choose(parse(params), GIESSEN, NOW)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 300
    assert (words or r"\u202egnp.exe") in str(error.value)
    assert (hint or "Marktplatz") in error.value.hint


def test_a_text_that_looks_like_code_is_only_a_name_that_there_is_not() -> None:
    for text in (
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE x;--",
        "../../etc/passwd",
        "a;b",
        "😀",
        "%00",
        "{0}",
        "[red]",
    ):
        with pytest.raises(AskRefused) as error:
            choose(parse([("site", text), ("last", "1d")]), GIESSEN, NOW)
        assert f"the site {text} is unknown" in str(error.value)


keys = st.sampled_from([*KEYS]) | st.text(max_size=12)
values = (
    st.sampled_from(
        [
            *FORMATS,
            *get_args(Every),
            *AGGREGATES,
            *CATALOGUE,
            "Marktplatz",
            "Brandplatz",
            "inventar",
            "open",
            "partners",
            "wide",
            "long",
            "traffic",
            "parking",
            "30d",
            "1mo",
            "2026-01-01",
            "2026-10-25 02:30",
            "9999-12-31",
        ]
    )
    | st.text(max_size=30)
    | st.text(st.characters(), max_size=5)
)


@settings(max_examples=400)
@given(st.lists(st.tuples(keys, values), max_size=8))
def test_any_parameters_are_chosen_or_refused(params: list[tuple[str, str]]) -> None:
    refusal = None
    try:
        found = choose(parse([*params, ("last", "30d")] if len(params) % 2 else params), GIESSEN, NOW)
    except ExportFailed as error:
        refusal = error
    else:
        assert found.devices
        assert all(found.quantities.values())
        assert found.period.begin_ns < found.period.end_ns <= NOW
    if refusal is not None:
        assert str(refusal).isprintable()
        assert refusal.hint.isprintable()
        assert len(str(refusal)) < 1200
        assert len(refusal.hint) < 1200


def test_single_keys_and_keys_of_several_are_all_there_are() -> None:
    assert set(KEYS.values()) == set(Ask.model_fields)
    assert set(SEVERAL) == {name for name, field in Ask.model_fields.items() if field.default == ()}


def test_a_hundred_thousand_places_are_gone_through_once_a_filter() -> None:
    base = list(GIESSEN.devices)
    many = registry(
        *(changed(base[at % len(base)], id=f"p{at}", labels={"n": str(at)}) for at in range(100_000))
    )
    assert len(chosen("last=1d", many).devices) == 100_000
    assert [one.id for one in chosen("label=n=77&last=1d", many).devices] == ["p77"]
    assert "did you mean" in str(refused("device=p100000", many))
