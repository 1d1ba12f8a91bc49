/// Names that other platforms have and that are not served here: they are told as such, not as misspelled ones
/// (spec D-28, D-31).
enum ForeignNames {
  /// Whose verb this is; nil = nobody's that is known.
  static func platform(ofVerb name: String) -> String? {
    switch name {
    case "Enqueue", "Leave", "Connect", "Start", "Stop", "Refer", "Sms", "Message", "Pay", "Prompt",
      "Siprec", "Queue":
      "Twilio"
    case "Stream": "Twilio and Plivo"
    case "Conference": "Plivo"
    case "Fax", "Email", "UssdMessage", "UssdCollect", "UssdLanguage": "Restcomm"
    case "Speak", "GetDigits", "GetInput", "Wait", "PreAnswer", "DTMF", "MultiPartyCall": "Plivo"
    case "Transcription", "AIGather", "AIAssistant", "HttpRequest", "Suppression": "Telnyx"
    default: nil
    }
  }

  /// Legal on another platform's element of that name, without effect here.
  static func isAttribute(_ name: String, of element: String) -> Bool {
    attributes(of: element).contains(name)
  }

  private static func attributes(of element: String) -> Set<String> {
    switch element {
    case "Dial":
      [
        "trim", "recordingTrack", "events", "callReason", "fromDisplayName", "audioProcessing",
        "recordMaxLength", "recordTimeout", "recordSendTone", "redirect", "confirmSound",
        "confirmKey", "callbackUrl", "callbackMethod", "dialMusicMethod", "sipHeaders",
        "digitsMatch", "digitsMatchBLeg", "callerName", "machineDetection",
      ]
    case "Sip", "Uri", "Number", "Client":
      [
        "codecs", "machineDetection", "machineDetectionTimeout", "amdStatusCallback",
        "amdStatusCallbackMethod", "machineDetectionSpeechThreshold",
        "machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout",
        "participantLabel", "callReason", "sessionTimeout", "mute", "byoc", "maximum",
      ]
    case "Say": ["engine", "serviceLevel", "speechRate"]
    case "Gather":
      [
        "speechTimeout", "speechModel", "enhanced", "bargeIn", "profanityFilter", "debug",
        "partialResultCallbackMethod", "maxSpeechTime", "transcriptionEngine", "useEnhanced",
        "minDigits", "maxDigits", "validDigits", "invalidDigitsAction", "interDigitTimeout",
      ]
    case "Record":
      [
        "trim", "recordingTrack", "channels", "format", "fileFormat", "redirect",
        "startOnDialAnswer",
      ]
    case "Play": ["mimeType", "stereo"]
    default: []
    }
  }
}
