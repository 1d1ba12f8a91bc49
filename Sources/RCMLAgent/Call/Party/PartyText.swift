import RCMLBasics
import RCMLDocument

/// A party and an identity as the host writes them: read by the rules of `<Sip>` and `callerId`, by the same reader,
/// so that what a document may dial and what a host may dial are one thing (spec S-1 … S-7, U-1). A number is dialled by
/// `number_uri`, as there (D-30).
struct PartyText {
  var noun: SipNoun
  var callerID: CallerID

  enum Problem: Error, Hashable {
    case party(String)
    case identity(String)
  }

  static func read(_ party: String, from: String, settings: Settings) -> Result<PartyText, Problem>
  {
    let identity = from.isEmpty ? [] : [(name: "callerId", value: from)]
    let reading = DocumentReader.read(
      XMLText.dial(party, identity), contentType: "text/xml", url: "", settings: settings)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind,
      let target = dial.targets.first
    else { return .failure(.party(reading.error?.text ?? "no address")) }
    guard let noun = target.dialled else {
      return .failure(
        .party(
          "A number needs the setting number_uri: sip:{number}@gateway.example."))
    }
    if let invalid = noun.invalid {
      let why = reading.findings.first { $0.code == invalid }?.text
      return .failure(.party(why ?? invalid.rawValue))
    }
    if let finding = reading.findings.first(where: { $0.code == .invalidCallerID }) {
      return .failure(.identity(finding.text))
    }
    return .success(PartyText(noun: noun, callerID: dial.callerID))
  }
}
