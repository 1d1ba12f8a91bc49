/// What kind of call is counted.
enum CallKind: String, CaseIterable {
  /// One target, 14 messages.
  case dial1
  /// The same with an action and all status callbacks.
  case dial1Told = "dial1-told"
  /// Four targets ring, one answers, three are cancelled.
  case fork4
  /// The target presses a key before it is connected; its sound comes by us until then.
  case screened

  var unit: String {
    switch self {
    case .dial1: "one target, from INVITE to BYE, 14 messages"
    case .dial1Told: "the same with an action and four status callbacks"
    case .fork4: "four targets, one answers, three are cancelled"
    case .screened: "one target, which presses a key before it is connected"
    }
  }

  var targets: Int { self == .fork4 ? 4 : 1 }

  var document: String {
    let told =
      #"statusCallback="http://web.example/status" statusCallbackEvent="initiated ringing answered completed""#
    switch self {
    case .dial1: return CallKind.dial("", [""])
    case .dial1Told: return CallKind.dial(#" action="http://web.example/action""#, [" " + told])
    case .fork4: return CallKind.dial("", ["", "", "", ""])
    case .screened: return CallKind.dial("", [#" url="http://web.example/screen""#])
    }
  }

  private static func dial(_ attributes: String, _ nouns: [String]) -> String {
    let targets = nouns.enumerated().map { index, noun in
      "<Sip\(noun)>sip:callee\(index)@10.0.2.\(index + 1):5060</Sip>"
    }
    return "<Response><Dial\(attributes)>\(targets.joined())</Dial></Response>"
  }

  /// What the web server says to each URL.
  static func page(_ url: String) -> String {
    url.hasSuffix("/screen")
      ? #"<Response><Gather numDigits="1" timeout="5" action="/pressed"/><Hangup/></Response>"#
      : "<Response/>"
  }
}
