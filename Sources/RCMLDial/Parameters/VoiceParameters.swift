import RCMLBasics

/// The voice parameters of one call, the caller's or a leg's (spec §12.2). A value that is empty is left out (H-3).
public struct VoiceParameters: Sendable {
  public var sid: CallSid
  public var from: String
  public var to: String
  public var direction: String
  public var callerName = ""
  public var forwardedFrom = ""
  public var parentSid: CallSid?
  public var sipCallID = ""
  /// P-15: of the caller alone.
  public var tlsPeer = ""
  /// When this call started (P-14).
  public var startedAt: WallTime

  /// In the order of the table (H-4). `headers`: P-12, which status callbacks do not carry.
  public func list(
    status: String, headers: [Parameter] = [], policy: CallPolicy
  ) -> [Parameter] {
    var list = [Parameter("CallSid", sid.description)]
    func add(_ name: String, _ value: String) {
      if !value.isEmpty { list.append(Parameter(name, value)) }
    }
    add("AccountSid", policy.accountSid)
    add("From", from)
    add("To", to)
    add("CallStatus", status)
    add("ApiVersion", policy.apiVersion)
    add("Direction", direction)
    add("CallerName", callerName)
    add("ForwardedFrom", forwardedFrom)
    add("ParentCallSid", parentSid?.description ?? "")
    add("SipCallId", sipCallID)
    add("TlsPeer", tlsPeer)
    list += headers
    if policy.sendsAliases {
      add("Caller", from)
      add("Called", to)
    }
    add("CallTimestamp", startedAt.text)
    return list
  }
}
