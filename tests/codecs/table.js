// A table of probes with their formulas, and one object a quantity.
const PROBES = [
  {
    words: 6,
    gives: [
      { name: "pm1", title: "PM1", unit: "µg/m³", of: (w) => w[0] / 10 },
      { name: "pm2_5", title: "PM2.5", unit: "µg/m³", of: (w) => w[1] / 10 },
      { name: "pm10", title: "PM10", unit: "µg/m³", of: (w) => w[2] / 10 },
      { name: "particle_size", title: "Typical size", unit: "nm", of: (w) => w[3] },
      { name: "number_2_5", title: "Number to 2.5 µm", unit: "1/cm³", of: (w) => w[4] / 10 },
    ],
  },
  {
    words: 2,
    gives: [
      { name: "air_temperature", title: "Air temperature", unit: "°C", of: (w) => (175.72 * w[0]) / 65536 - 46.85 },
      { name: "air_humidity", title: "Air humidity", unit: "%", of: (w) => (125 * w[1]) / 65536 - 6 },
    ],
  },
  { words: 1, gives: [{ name: "air_pressure", title: "Air pressure", unit: "Pa", of: (w) => w[0] * 2 }] },
  { words: 1, gives: [{ name: "battery", title: "Battery", unit: "V", of: (w) => w[0] / 1000 }] },
];

function decodeUplink({ bytes }) {
  if (bytes[0] !== 2) return { errors: [`version ${bytes[0]} is not known`] };
  const word = (at) => bytes[at] * 256 + bytes[at + 1];
  const data = { device_id: word(1) };
  const present = word(3);
  let at = 5;
  PROBES.forEach((probe, number) => {
    if (!((present >> number) & 1)) return;
    const words = Array.from({ length: probe.words }, (_, index) => word(at + 2 * index));
    at += 2 * probe.words;
    for (const { name, title, unit, of } of probe.gives) data[name] = { displayName: title, unit, value: of(words) };
  });
  return { data, warnings: [] };
}
