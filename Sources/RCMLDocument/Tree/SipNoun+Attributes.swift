import RCMLBasics

extension SipNoun {
  /// What its attributes come to, under the names that a document gives them: URLs absolute, times in seconds, and only
  /// what means something here. The password is no part of it.
  public var attributes: [OtherNoun.Attribute] {
    var all: [OtherNoun.Attribute] = []
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { all.append(OtherNoun.Attribute(name: name, value: value)) }
    }
    if let url {
      add("url", url)
      add("method", method.rawValue)
      add("timeout", String(timeout.wholeSeconds))
    }
    if let statusCallback {
      add("statusCallback", statusCallback)
      add("statusCallbackMethod", statusCallbackMethod.rawValue)
      let names = Event.allCases.filter(statusCallbackEvents.contains).map { "\($0)" }
      add("statusCallbackEvent", names.joined(separator: " "))
    }
    add("username", username?.exposed)
    if delay > .zero { add("x-delay", String(delay.wholeSeconds)) }
    add("sendDigits", digits)
    add("x-timeout", ringLimit.map { String($0.wholeSeconds) })
    return all
  }
}
