/// What an INFO carries.
struct InfoBody: Hashable {
  let contentType: [UInt8]
  let octets: [UInt8]

  init(contentType: [UInt8], octets: [UInt8]) {
    self.contentType = contentType
    self.octets = octets
  }

  /// A key that came otherwise, in the form that most phones know.
  init(key: UInt8) {
    contentType = Array("application/dtmf-relay".utf8)
    octets = Array("Signal=".utf8) + [key] + Array("\r\nDuration=160\r\n".utf8)
  }
}
