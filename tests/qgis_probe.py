"""Run by Debian's Python, where PyQGIS is: says what QGIS sees of a GeoPackage and a GeoJSON."""

import json
import sys
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]  # of the system's Python only
    Qgis,
    QgsApplication,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
    QgsVectorLayerTemporalProperties,
)


def layer(uri: str) -> Any:
    opened = QgsVectorLayer(uri, "x", "ogr")
    assert opened.isValid(), uri
    return opened


def told(one: Any) -> dict[str, Any]:
    return {
        "count": one.featureCount(),
        "crs": one.crs().authid(),
        "geometry": one.geometryType(),
        "fields": {field.name(): field.typeName() for field in one.fields()},
    }


def main(gpkg: str, geojson: str) -> None:
    places, values = (layer(f"{gpkg}|layername={name}") for name in ("standorte", "messwerte"))
    notes, features = layer(f"{gpkg}|layername=hinweise"), layer(geojson)
    said = {
        "version": Qgis.QGIS_VERSION,
        "standorte": told(places),
        "messwerte": told(values),
        "hinweise": told(notes),
        "geojson": told(features),
    }
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(places)
    join.setJoinFieldName("device")
    join.setTargetFieldName("device")
    join.setPrefix("ort_")
    join.setUsingMemoryCache(True)
    values.addJoin(join)
    joined = list(values.getFeatures())
    said["joined"] = [[feature["device"], feature["site"], feature["ort_site"]] for feature in joined]
    said["first"] = joined[0]["time"].toString("yyyy-MM-ddTHH:mm:ss.zzz")
    said["spec"] = joined[0]["time"].timeSpec()
    temporal = values.temporalProperties()
    temporal.setMode(QgsVectorLayerTemporalProperties.ModeFeatureDateTimeInstantFromField)
    temporal.setStartField("time")
    temporal.setIsActive(True)
    said["temporal"] = temporal.isActive() and temporal.startField()
    moments = values.fields().indexOf("time")
    said["begin"], said["end"] = (
        found.toString("yyyy-MM-ddTHH:mm:ss")
        for found in (values.minimumValue(moments), values.maximumValue(moments))
    )
    said["points"] = {one["device"]: one.geometry().asWkt(4) for one in places.getFeatures()}
    print(json.dumps(said))  # noqa: T201  the answer


if __name__ == "__main__":
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    main(*sys.argv[1:])
    application.exitQgis()
