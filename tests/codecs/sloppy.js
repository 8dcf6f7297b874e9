// Undeclared variables, numbers as texts, an object a port: as older formatters are.
function Decoder(bytes, port) {
  result = {};
  mode = (bytes[6] & 0x7c) >> 2;
  result.BatV = (((bytes[0] << 8) | bytes[1]) & 0x3fff) / 1000;
  if (port == 2) {
    value = (bytes[2] << 8) | bytes[3];
    if (bytes[2] & 0x80) value |= 0xffff0000;
    result.TempC = parseFloat((value / 10).toFixed(2));
    result.Hum = parseFloat((((bytes[4] << 8) | bytes[5]) / 10).toFixed(1));
    result.Work_mode = mode == 0 ? "IIC" : mode == 1 ? "Distance" : "Other";
    result.Alarm = bytes[6] & 1 ? "TRUE" : "FALSE";
    result.Distance = ((bytes[7] << 8) | bytes[8]) + " mm";
    result.Hex = "";
    for (i = 0; i < bytes.length; i++) result.Hex += ("0" + bytes[i].toString(16)).slice(-2);
  }
  return result;
}
