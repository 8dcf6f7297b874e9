// Records what Grafana's own transformations make of the cases in tests/golden/transformations.json, so that
// tests/test_grafana.py can hold ours against it. Not needed for any test. In an empty folder:
//   npm install --ignore-scripts @grafana/data@11.6.0
//   NODE_PATH=$PWD/node_modules node <here>/record.cjs <golden>/transformations.json
// Its `extractFields` is not part of the package (it lives in Grafana's own app).
const fs = require("fs");
globalThis.window = { grafanaBootData: { settings: { featureToggles: {} } }, location: {} };
const grafana = require("@grafana/data");

const known = Object.values(grafana.standardTransformers);
const context = { interpolate: (text) => text };

async function run(frames, transformations) {
  let source = grafana.of ? grafana.of(frames) : require("rxjs").of(frames);
  for (const { id, options } of transformations) {
    const found = known.find((one) => one.id === id);
    source = source.pipe(found.operator(options, context));
  }
  return require("rxjs").lastValueFrom(source);
}

function frame(said) {
  return grafana.toDataFrame({
    name: said.name,
    refId: said.refId,
    fields: said.fields.map((one) => ({
      name: one.name,
      type: one.kind,
      values: one.values,
      labels: one.labels || undefined,
      config: one.shown ? { displayNameFromDS: one.shown } : {},
    })),
  });
}

async function main(file) {
  grafana.standardTransformersRegistry.setInit(() => []);
  const cases = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const one of cases) {
    const made = await run(one.frames.map(frame), one.transformations);
    one.becomes = made.map((table) => ({
      columns: table.fields.map((field) => grafana.getFieldDisplayName(field, table, made)),
      rows: Array.from({ length: table.length }, (_, row) =>
        table.fields.map((field) => (field.values[row] === undefined ? null : field.values[row])),
      ),
    }));
  }
  fs.writeFileSync(file, JSON.stringify(cases, null, 1) + "\n");
}

main(process.argv[2]);
