import RCMLBasics
import RCMLDocument

/// A verb that only the host may know is reached (spec D-28).
public struct VerbQuestion: Hashable, Sendable {
  public var number: VerbNumber
  /// The leg that is screened; nil = the caller.
  public var leg: LegNumber?
  public var name: String
  public var text: String
  public var attributes: [OtherNoun.Attribute]
  /// Where the document came from; empty = the host gave it as text.
  public var documentURL: String

  public init(
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
public struct VerbNumber: Hashable, Sendable {
  public var number: UInt32
  public init(_ number: UInt32) { self.number = number }
}

/// What the host says to a question about a verb.
public enum VerbDecision: Equatable, Sendable {
  /// It is skipped, and its finding is told.
  case skip
  /// The host has done it: the next verb runs.
  case done
  /// This runs in its place, and then the next verb.
  case document(DocumentSource)
}
