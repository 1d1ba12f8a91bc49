import RCMLBasics

/// Header lines into one buffer. No octet that is handed in can end a line: what could, becomes a blank
/// (failures P9). Requests and responses are both made of this.
public struct HeaderWriter: ~Copyable {
  private(set) var writer: ByteWriter

  init(capacity: Int) { writer = ByteWriter(capacity: capacity) }

  /// `Name: value`.
  public mutating func field(_ name: StaticString, _ value: [UInt8]) {
    field(name, value[...])
  }

  public mutating func field(_ name: StaticString, _ value: ArraySlice<UInt8>) {
    writer.append(name)
    writer.append(": ")
    appendChecked(value)
    writer.append("\r\n")
  }

  public mutating func field(_ name: StaticString, text value: StaticString) {
    writer.append(name)
    writer.append(": ")
    writer.append(value)
    writer.append("\r\n")
  }

  public mutating func field(_ name: StaticString, number: UInt64) {
    writer.append(name)
    writer.append(": ")
    writer.append(decimal: number)
    writer.append("\r\n")
  }

  /// A line somebody composed. One whose name is no token is left out whole.
  public mutating func field(_ line: HeaderLine) {
    let isToken = line.name.withUnsafeBytes { $0.isToken(0..<$0.count) }
    guard isToken else { return }
    writer.append(line.name)
    writer.append(": ")
    appendChecked(line.value[...])
    writer.append("\r\n")
  }

  /// From or To: a name-addr or a bare URI, and the tag behind it unless it is empty.
  public mutating func address(_ name: StaticString, _ address: [UInt8], tag: ArraySlice<UInt8>) {
    writer.append(name)
    writer.append(": ")
    appendChecked(address[...])
    appendTag(tag)
    writer.append("\r\n")
  }

  public mutating func cseq(_ number: UInt32, _ method: Method) {
    writer.append("CSeq: ")
    writer.append(decimal: UInt64(number))
    writer.append(UInt8(ascii: " "))
    writer.append(method.name)
    writer.append("\r\n")
  }

  /// Our own Via, always with `rport` (RFC 3581 §3). `host` is a name or an address, IPv6 in brackets.
  public mutating func via(
    _ transport: Transport, host: ArraySlice<UInt8>, port: UInt16?, branch: ArraySlice<UInt8>
  ) {
    writer.append(HeaderWriter.beginOfVia(transport))
    appendChecked(host)
    if let port {
      writer.append(UInt8(ascii: ":"))
      writer.append(decimal: UInt64(port))
    }
    writer.append(";branch=")
    appendChecked(branch)
    writer.append(";rport\r\n")
  }

  private static func beginOfVia(_ transport: Transport) -> StaticString {
    switch transport {
    case .udp: "Via: SIP/2.0/UDP "
    case .tcp: "Via: SIP/2.0/TCP "
    case .tls: "Via: SIP/2.0/TLS "
    }
  }

  /// The same with a branch of ours and `host:port` in one.
  mutating func via(_ transport: Transport, sentBy: [UInt8], branch: Token, secret: UInt64) {
    writer.append(HeaderWriter.beginOfVia(transport))
    appendChecked(sentBy[...])
    writer.append(";branch=")
    writer.append(Via.cookie)
    branch.write(to: &writer, secret: secret)
    writer.append(";rport\r\n")
  }

  public mutating func via(
    _ transport: Transport, sentBy: SocketAddress, branch: ArraySlice<UInt8>
  ) {
    var host = ByteWriter(capacity: 48)
    sentBy.appendHost(to: &host)
    via(transport, host: host.finish()[...], port: sentBy.port, branch: branch)
  }

  /// Lines of one name, one value each, in order: a route set.
  public mutating func fields(_ name: StaticString, _ values: [[UInt8]]) {
    for value in values { field(name, value) }
  }

  /// Content-Type if there is a body (nil: it is written already), Content-Length, the empty line, the body.
  mutating func end(
    contentType: StaticString?, body: ArraySlice<UInt8>, isCompact: Bool = false
  ) {
    if !body.isEmpty, let contentType { field("Content-Type", text: contentType) }
    writer.append(isCompact ? "l: " : "Content-Length: ")
    writer.append(decimal: UInt64(body.count))
    writer.append("\r\n\r\n")
    writer.append(body)
  }

  /// What was written.
  consuming func octets() -> [UInt8] { writer.finish() }

  mutating func append(_ text: StaticString) { writer.append(text) }
  mutating func append(decimal value: UInt64) { writer.append(decimal: value) }
  mutating func append(hex value: UInt64) { writer.appendHex(value) }
  mutating func append(address: SocketAddress) { address.appendAddress(to: &writer) }

  mutating func appendTag(_ tag: ArraySlice<UInt8>) {
    guard !tag.isEmpty else { return }
    writer.append(";tag=")
    appendChecked(tag)
  }

  /// Octets that must stay in their line.
  mutating func appendChecked(_ octets: ArraySlice<UInt8>) {
    let isClean = octets.withUnsafeBytes { bytes in
      !bytes.mayHaveControl(from: 0, to: bytes.count)
    }
    if isClean { return writer.append(octets) }
    for octet in octets { writer.append(octet.isHeaderOctet ? octet : 32) }
  }

  /// Octets of a message that was read: their line ends have been found, quoted controls may stand in them.
  mutating func appendRead(_ octets: ArraySlice<UInt8>) { writer.append(octets) }

  /// Octets that must be one word: blanks and controls are left out.
  mutating func appendWord(_ octets: ArraySlice<UInt8>) {
    let isClean = octets.withUnsafeBytes { bytes in bytes.allSatisfy { $0 > 32 && $0 != 127 } }
    if isClean { return writer.append(octets) }
    for octet in octets where octet > 32 && octet != 127 { writer.append(octet) }
  }
}
