import RCMLDocument

/// May, or how should, a target be dialled? Asked before its leg exists (spec Y-1, D-22).
public struct TargetQuestion: Hashable, Sendable {
  /// Which Dial of the call, and which target of it, from 0 (spec P-30); Dial 0: a contact that a redirect names.
  public var dial: Int
  public var target: Int
  /// `Sip`, or the noun that only the host knows; `Contact` for one a redirect names (Y-3).
  public var noun: String
  /// The URI, or the noun's text.
  public var text: String
  public var attributes: [OtherNoun.Attribute]
  /// Where the document came from; empty = the host gave it as text.
  public var documentURL: String

  public init(
    dial: Int, target: Int, noun: String, text: String, attributes: [OtherNoun.Attribute],
    documentURL: String
  ) {
    self.dial = dial
    self.target = target
    self.noun = noun
    self.text = text
    self.attributes = attributes
    self.documentURL = documentURL
  }
}
