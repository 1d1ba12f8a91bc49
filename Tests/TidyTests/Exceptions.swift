/// What does not keep the rules of `TypeRules`, one by one, with the reason. Whatever keeps them is taken out: the test
/// says so.
enum Exceptions {
  static let wideTypes = [
    "RCMLAgent.AgentCounters": "one property a counter",
    "RCMLBasics.Settings": "one property a setting of spec §16",
    "RCMLDial.CallPolicy": "one property a setting that decides about a call",
    "RCMLDocument.Dial": "one property an attribute of <Dial>",
    "RCMLDocument.SipNoun": "one property an attribute of <Sip>",
    "RCMLReactor.Counters": "one property a counter",
    "RCMLSIP.MessageParts": "one range a part of a message",
    "RCMLSIP.ViaRanges": "one range a part of a Via",
  ]

  static let writtenElsewhere: [String: String] = [:]

  static let fullFolders: [String: String] = [:]
}
