import RCMLBasics

/// An INVITE that somebody wants sent.
public struct OutgoingInvite: Sendable {
  /// The Request-URI exactly as it goes out: header part and `method` are gone (spec S-7).
  public var target: [UInt8]
  /// From without tag: `"Alice" <sip:alice@example.com>`.
  public var from: [UInt8]
  /// To without tag: `<sip:bob@example.com;user=phone>` (spec U-6).
  public var to: [UInt8]
  /// Chosen when the leg is created, because `initiated` already tells it (spec Q-9).
  public var callID: [UInt8]
  public var maxForwards: UInt8
  public var trail: CallTrail
  /// In every repetition of the INVITE, in this order (spec X-9).
  public var headers: [HeaderLine]
  /// The SDP offer; empty = none.
  public var body: [UInt8]
  /// `body` describes streams of our own: 0.0.0.0 in it stands for the address the INVITE leaves from (spec T-5).
  public var placesMedia = false
  /// `body` has keys in it: wherever the INVITE and what follows it are sent, to a contact of a 3xx as well, they go over TLS
  /// alone (spec T-16).
  public var staysSecured = false
  /// For challenges of the host and port of `target` (spec ).
  public var credentials: Credentials?

  public init(
    target: [UInt8], from: [UInt8], to: [UInt8], callID: [UInt8], maxForwards: UInt8 = 70,
    headers: [HeaderLine] = [], body: [UInt8] = [], placesMedia: Bool = false,
    credentials: Credentials? = nil, trail: CallTrail = CallTrail()
  ) {
    self.target = target
    self.from = from
    self.to = to
    self.callID = callID
    self.maxForwards = maxForwards
    self.headers = headers
    self.body = body
    self.placesMedia = placesMedia
    self.credentials = credentials
    self.trail = trail
  }
}
