import RCMLBasics

/// One Via value (RFC 3261 §20.42, RFC 3581): where a message came from and where its answer goes.
public struct Via: Sendable {
  /// The transport we know; nil = one we do not (`transportName` has it).
  public let transport: Transport?
  public let transportName: ArraySlice<UInt8>
  /// A name, an IPv4 address, or an IPv6 reference with its brackets.
  public let host: ArraySlice<UInt8>
  /// nil = the default of the transport.
  public let port: UInt16?
  /// Empty = none: a peer of RFC 2543 (§17.2.3 tells how to match it).
  public let branch: ArraySlice<UInt8>
  /// `;rport` stands there, with or without a value.
  public let hasRport: Bool
  public let rport: UInt16?
  /// With or without brackets (RFC 5118 §4.5); empty = none.
  public let received: ArraySlice<UInt8>
  public let maddr: ArraySlice<UInt8>

  /// Does the branch begin with the magic cookie, so that it names the transaction by itself?
  public var hasMagicCookie: Bool {
    branch.count > 7 && branch.prefix(7).elementsEqual(Via.cookie)
  }

  /// `z9hG4bK` (RFC 3261 §8.1.1.7).
  public static let cookie: [UInt8] = Array("z9hG4bK".utf8)
}

/// Where the parts of a Via value stand in the octets of its message.
struct ViaRanges: Sendable {
  var whole = 0..<0
  var transport: Transport?
  var transportName = 0..<0
  var host = 0..<0
  var port: UInt16?
  var branch = 0..<0
  var hasRport = false
  var rport: UInt16?
  /// From the semicolon on, so that an answer can leave the parameter out and write its own.
  var rportParameter = 0..<0
  var received = 0..<0
  var receivedParameter = 0..<0
  var maddr = 0..<0
  /// False: of another version, or with parameters that are none. Only good for a refusal.
  var isSound = true
}
