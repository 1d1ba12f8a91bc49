/// Bodies of several parts, as tests write them.
enum Bodies {
  static let sdp = "v=0\r\ns=multipart\r\n"
  static let type = "multipart/mixed;boundary=\"cut here\""
  static let isup =
    "Content-Type: application/isup;version=itu-t92+\r\nContent-Disposition: signal;handling="

  /// Parts with their headers, between the delimiters of `type`.
  static func mixed(_ parts: String..., end: String = "\r\n--cut here--\r\n") -> String {
    parts.map { "\r\n--cut here\r\n" + $0 }.joined() + end
  }

  static func part(_ type: String, _ content: String, _ header: String = "") -> String {
    "Content-Type: \(type)\r\n\(header)\r\n\(content)"
  }

  /// What trunks send: a description, and something of the telephone network that need not be understood.
  static let trunk = mixed(
    part("application/sdp", sdp), "\(isup)optional\r\n\r\n\u{1}\u{2}")
  /// The description stands behind what need not be understood.
  static let second = mixed("\(isup)optional\r\n\r\nx", part("application/sdp", sdp))
  /// Something has to be understood.
  static let required = mixed(part("application/sdp", sdp), "\(isup)required\r\n\r\nx")
  /// No description in it.
  static let other = mixed("\(isup)optional\r\n\r\nx", part("application/pidf+xml", "<presence/>"))
}
