import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument

/// The targets of a document as the header has them (spec Q-34).
struct TargetTeller {
  let function: rcml_target_function
  let context: UnsafeMutableRawPointer?

  static func tell(
    _ document: Document?, _ function: @escaping rcml_target_function,
    _ context: UnsafeMutableRawPointer?
  ) {
    let teller = TargetTeller(function: function, context: context)
    let dials = (document?.verbs ?? []).compactMap { verb in
      if case .dial(let dial) = verb.kind { dial } else { nil }
    }
    for (ordinal, dial) in dials.enumerated() {
      for (place, target) in dial.targets.enumerated() {
        var told = rcml_target()
        told.dial = Int32(clamping: ordinal + 1)
        told.target = Int32(clamping: place + 1)
        told.timeout = Int32(clamping: dial.timeout.wholeSeconds)
        told.sequential = dial.sequential
        teller.tell(target, told)
      }
    }
  }

  private func tell(_ target: Target, _ told: rcml_target) {
    var told = told
    told.struct_size = MemoryLayout<rcml_target>.size
    var lent = LentText()
    defer { lent.free() }
    switch target {
    case .sip(let noun):
      told.noun = CText.constant("Sip")
      told.text = lent.put(noun.uri)
      fill(&told, noun, &lent, noun.attributes)
    case .noun(let noun):
      told.noun = lent.put(noun.name)
      told.text = lent.put(noun.text)
      var unknown = SipNoun(uri: "", line: noun.line, column: noun.column)
      unknown.invalid = .unsupportedNoun
      fill(
        &told, noun.dialled ?? unknown, &lent, noun.attributes.filter { $0.name != "password" })
    }
    function(context, &told)
  }

  private func fill(
    _ told: inout rcml_target, _ noun: SipNoun, _ lent: inout LentText,
    _ attributes: [OtherNoun.Attribute]
  ) {
    told.uri = lent.put(noun.invalid == nil ? noun.requestURI : "")
    told.headers = TargetTeller.form(
      noun.headers.map {
        Parameter(
          String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self))
      }, &lent)
    told.attributes = TargetTeller.form(
      attributes.map { Parameter($0.name, $0.value) }, &lent)
    told.username = lent.put(noun.username?.exposed ?? "")
    told.password = lent.put(noun.password?.exposed ?? "")
    told.code = noun.invalid.map(Catalogued.number) ?? 0
    told.line = Int32(clamping: noun.line)
    told.column = Int32(clamping: noun.column)
  }

  private static func form(
    _ parameters: [Parameter], _ lent: inout LentText
  ) -> UnsafePointer<CChar> {
    lent.put(String(decoding: FormEncoding.encode(parameters), as: UTF8.self))
  }
}
