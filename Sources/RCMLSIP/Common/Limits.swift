import RCMLBasics

/// Every bound of the user agent, by name.
public enum Limits {
  /// Sessions at once; one more INVITE gets 503.
  public static let sessions = 100_000
  /// Server transactions at once; beyond it requests are answered 503 without state.
  public static let transactions = 400_000
  /// Server transactions of one session at once (a key pressed may be one for 32 s); beyond it requests are answered
  /// 503 without state. BYE has twice the room.
  public static let sessionTransactions = 256
  /// Octets that one session may have of us: of heads and answers of its peer's requests, and of requests of ours inside its
  /// dialogs, while those are remembered. Beyond it requests are answered 503; BYE has twice the room.
  public static let sessionOctets = 1 << 20
  /// The same, of all sessions.
  public static let octets = 256 << 20
  /// Octets of messages that connections have begun and not finished; beyond it one that goes on is closed.
  public static let unfinishedOctets = 64 << 20
  /// Octets that may wait for one connection to open.
  public static let connectionQueue = 256 * 1024
  /// A connection nobody uses is closed after this (64·T1: nothing of a transaction can be under way any more).
  public static let idleConnection = Interval.seconds(64)
  /// A message that has begun must be complete within this.
  public static let incompleteMessage = Interval.seconds(32)
  /// A connection must open within this.
  public static let connecting = Interval.seconds(32)
  /// All lookups between two tries must be answered within this (spec T-6).
  public static let resolution = Interval.seconds(10)
  /// Records read of one SRV or NAPTR answer.
  public static let nameRecords = 16
  /// Places one request is tried at (spec T-2).
  public static let candidates = 10
  /// A longer Expires of an INVITE is none: it would only keep its place in the queue of deadlines (spec U-61).
  public static let inviteExpiry = Interval.seconds(3_600)
  /// Dialogs one INVITE of ours may make.
  public static let dialogs = 64
  /// Provisional responses of one leg that are told at once; after these one in this time.
  public static let freeProvisionals = 16
  public static let provisionalInterval = Interval.seconds(1)
  /// Provisional responses that wait for the PRACK of the one before.
  public static let provisionals = 8
  /// ACKs one dialog keeps for repeated 2xx: as many re-INVITEs within 64·T1.
  public static let acknowledgements = 16
  /// Octets of a multipart's boundary (RFC 2046 §5.1.1).
  public static let boundary = 70
  /// Octets of the header of one part of a body, parts of one multipart, and multiparts inside of one another.
  public static let partHeader = 2_048
  public static let bodyParts = 64
  public static let bodyDepth = 4
  /// Marks of other servers that an INVITE hands on (spec Y-6).
  public static let trailMarks = 8
  /// Route values of one dialog.
  public static let routes = 32
  /// RFC 3261 §18.1.1: a larger request goes over TCP when it may.
  public static let datagramRequest = 1300
  /// Tries of one re-INVITE that meets glare (failures T5).
  public static let glareTries = 5
  /// Addresses of ours that are warned of.
  public static let warnings = 32
  /// Routes remembered for listeners bound to the wildcard.
  public static let routesRemembered = 4096
}
