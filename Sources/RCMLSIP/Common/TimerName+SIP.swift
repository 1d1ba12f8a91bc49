import RCMLBasics

/// The timers of SIP, as the RFCs name them.
extension TimerName {
  /// RFC 3261 §17, RFC 6026.
  public static var a: TimerName { TimerName("a") }
  public static var b: TimerName { TimerName("b") }
  public static var d: TimerName { TimerName("d") }
  public static var e: TimerName { TimerName("e") }
  public static var f: TimerName { TimerName("f") }
  public static var g: TimerName { TimerName("g") }
  public static var h: TimerName { TimerName("h") }
  public static var i: TimerName { TimerName("i") }
  public static var j: TimerName { TimerName("j") }
  public static var k: TimerName { TimerName("k") }
  public static var l: TimerName { TimerName("l") }
  public static var m: TimerName { TimerName("m") }
  /// 100 to an INVITE that has no response yet (§17.2.1).
  public static var trying: TimerName { TimerName("trying") }
  /// Our 2xx repeated until its ACK (RFC 3261 §13.3.1.4) and the wait for that ACK (spec L-38).
  static var answerRepetition: TimerName { TimerName("answerRepetition") }
  static var acknowledgement: TimerName { TimerName("acknowledgement") }
  /// Our 18x repeated until its PRACK, and the wait for that (RFC 3262 §3).
  static var provisionalRepetition: TimerName { TimerName("provisionalRepetition") }
  static var provisionalAcknowledgement: TimerName { TimerName("provisionalAcknowledgement") }
  /// The Expires of a caller's INVITE (§13.3.1, spec U-61).
  static var inviteExpiry: TimerName { TimerName("inviteExpiry") }
  /// The wait for a cancelled INVITE (RFC 3261 §9.1).
  static var cancelWait: TimerName { TimerName("cancelWait") }
  /// A request that must be tried again after a glare (RFC 3261 §14.1).
  static var glare: TimerName { TimerName("glare") }
  /// Half of a session's interval, and nearly its end (RFC 4028).
  static var sessionRefresh: TimerName { TimerName("sessionRefresh") }
  static var sessionExpiry: TimerName { TimerName("sessionExpiry") }
  /// The next keep-alive to a peer behind a NAT (spec U-64).
  static var keepalive: TimerName { TimerName("keepalive") }
  /// A request the stream never finished, an idle connection.
  static var streamIdle: TimerName { TimerName("streamIdle") }
  /// The next look at whether a listener that is to be closed is still used (spec Q-36).
  static var listenerUse: TimerName { TimerName("listenerUse") }
  /// The lookup of a server (RFC 3263).
  static var resolution: TimerName { TimerName("resolution") }
}
