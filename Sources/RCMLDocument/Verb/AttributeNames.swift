/// Which attributes an element has (spec §2.1, §3.2, §4, §15).
enum AttributeNames {
  static func of(_ element: String) -> [String] {
    switch element {
    case "Response": ["version"]
    case "Dial":
      [
        "action", "method", "timeout", "timeLimit", "callerId", "record", "hangupOnStar",
        "answerOnBridge", "sequential", "ringTone", "dialMusic", "recordingStatusCallback",
        "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "referUrl",
        "referMethod", "x-winner", "x-stop-on", "x-warn",
      ]
    case "Sip", "Uri":
      [
        "url", "method", "timeout", "statusCallback", "statusCallbackMethod",
        "statusCallbackEvent", "username", "password", "name", "x-delay", "x-timeout", "x-digits",
      ]
    case "Number": of("Client") + ["sendDigits"]
    case "Client":
      [
        "url", "method", "timeout", "statusCallback", "statusCallbackMethod",
        "statusCallbackEvent", "x-delay", "x-timeout", "x-digits",
      ]
    case "Say": ["voice", "language", "loop"]
    case "Play": ["loop", "digits"]
    case "Pause": ["length"]
    case "Gather":
      [
        "action", "method", "timeout", "finishOnKey", "numDigits", "input",
        "actionOnEmptyResult", "hints", "language", "partialResultCallback",
      ]
    case "Record":
      [
        "action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "transcribe",
        "transcribeCallback", "transcribeLanguage", "media", "recordingStatusCallback",
        "recordingStatusCallbackMethod", "recordingStatusCallbackEvent",
      ]
    case "Redirect": ["method"]
    case "Reject": ["reason"]
    default: []
    }
  }

  /// The elements an attribute that stands on the wrong one may be meant for, best first.
  private static let owners = [
    "Sip", "Dial", "Gather", "Record", "Say", "Play", "Pause", "Redirect", "Reject",
  ]

  /// Another element that has this attribute; the nouns and their Dial are meant before all others.
  static func owner(of name: String, besides element: String) -> String? {
    owners.first { $0 != element && of($0).contains(name) }
  }
}
