import RCMLBasics

/// `<Sip>` or `<Uri>` (spec §3). An invalid one stays in the tree: it becomes a leg that fails (S-6).
public struct SipNoun: Hashable, Sendable {
  public enum Event: UInt8, Hashable, Sendable, CaseIterable {
    case initiated, ringing, answered, completed
  }

  /// The transport the URI asks for (spec T-1).
  public enum RequestedTransport: Hashable, Sendable {
    /// No parameter.
    case unspecified
    case udp, tcp, tls
    /// `ws`, `sctp` or anything else: the leg fails.
    case unsupported
  }

  /// The address part with its scheme: `sip:alice@example.com;transport=tcp`. Checked and percent-encoded where
  /// that was unambiguous (S-2). Nothing in it needs escaping on the wire.
  public var uri: String
  /// Scheme, user, host and port of `uri`, taken apart once.
  public var isSecure = false
  public var user = ""
  public var host = ""
  /// 0 = none given.
  public var port: UInt16 = 0
  public var transport: RequestedTransport = .unspecified
  /// The Request-URI as it goes out (S-7): without header part and `method`, with its other parameters.
  public var requestURI = ""
  /// Its sound has to be secret, whatever the setting says (S-16).
  public var wantsSecretSound = false
  /// A party of the host's own, `host:NAME`, and how it speaks; nil = a SIP URI, as everything in a document is.
  public var hostMedia: HostMedia?
  /// How the document names the party where something else is dialled for it: it is what the web application is shown
  /// nil = `uri` is from the document.
  public var written: String?
  /// The custom headers by X-1 … X-8, prefixed and in order.
  public var headers: [HeaderLine] = []
  /// Why it cannot be dialled; nil = it can.
  public var invalid: FindingCode?

  public var url: String?
  public var method: HTTPMethod = .post
  /// The screening limit (S-4).
  public var timeout: Interval = .seconds(60)
  public var statusCallback: String?
  public var statusCallbackMethod: HTTPMethod = .post
  public var statusCallbackEvents: Set<Event> = Set(Event.allCases)
  public var username: Private<String>?
  public var password: Private<String>?
  /// `x-delay` (spec E-1).
  public var delay: Interval = .zero
  /// `sendDigits`, `x-digits`: sent after the answer, before the bridge (spec D-27); `w` and `W` wait. Empty = none.
  public var digits = ""
  /// `x-timeout` (spec E-2).
  public var ringLimit: Interval?
  public var line: Int
  public var column: Int

  public init(uri: String, line: Int, column: Int) {
    self.uri = uri
    self.line = line
    self.column = column
  }
}
