import RCMLBasics
import RCMLDocument

/// A verb that only the host may know is reached (spec D-28).
package struct VerbQuestion: Hashable, Sendable {
  package var number: VerbNumber
  /// The leg that is screened; nil = the caller.
  package var leg: LegNumber?
  package var name: String
  package var text: String
  package var attributes: [OtherNoun.Attribute]
  /// Where the document came from; empty = the host gave it as text.
  package var documentURL: String

  package init(
    number: VerbNumber, leg: LegNumber?, name: String, text: String,
    attributes: [OtherNoun.Attribute], documentURL: String
  ) {
    self.number = number
    self.leg = leg
    self.name = name
    self.text = text
    self.attributes = attributes
    self.documentURL = documentURL
  }
}

/// Verbs the host was asked about, numbered from 0 over the life of the call.
package struct VerbNumber: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}

/// What the host says to a question about a verb.
package enum VerbDecision: Equatable, Sendable {
  /// It is skipped, and its finding is told.
  case skip
  /// The host has done it: the next verb runs.
  case done
  /// This runs in its place, and then the next verb.
  case document(DocumentSource)
}
