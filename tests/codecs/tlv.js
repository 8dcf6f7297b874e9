// Channel, type, value: the shape that many air sensors speak in.
function decodeUplink(input) {
  return { data: read(input.bytes) };
}

function read(bytes) {
  var said = {};
  var at = 0;
  while (at < bytes.length) {
    var channel = bytes[at++];
    var kind = bytes[at++];
    if (channel === 0x01 && kind === 0x75) {
      said.battery = bytes[at];
      at += 1;
    } else if (channel === 0x03 && kind === 0x67) {
      said.temperature = signed(bytes.slice(at, at + 2)) / 10;
      at += 2;
    } else if (channel === 0x04 && kind === 0x68) {
      said.humidity = bytes[at] / 2;
      at += 1;
    } else if (channel === 0x07 && kind === 0x7d) {
      said.co2 = whole(bytes.slice(at, at + 2));
      at += 2;
    } else if (channel === 0x08 && kind === 0x7d) {
      said.tvoc = whole(bytes.slice(at, at + 2));
      at += 2;
    } else if (channel === 0x09 && kind === 0x73) {
      said.pressure = whole(bytes.slice(at, at + 2)) / 10;
      at += 2;
    } else if (channel === 0x0b && kind === 0x7d) {
      said.pm2_5 = whole(bytes.slice(at, at + 2));
      at += 2;
    } else if (channel === 0x0c && kind === 0x7d) {
      said.pm10 = whole(bytes.slice(at, at + 2));
      at += 2;
    } else {
      break;
    }
  }
  return said;
}

function whole(bytes) {
  return ((bytes[1] << 8) + bytes[0]) & 0xffff;
}

function signed(bytes) {
  var number = whole(bytes);
  return number > 0x7fff ? number - 0x10000 : number;
}
