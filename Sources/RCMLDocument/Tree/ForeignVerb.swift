/// A verb that only the host may know (spec D-28, G-19); kept while the setting `ask_verbs` is on.
public struct ForeignVerb: Hashable, Sendable {
  public var name: String
  public var text: String
  /// Its own, and those of the elements inside it as `Stream.url`; their text under their name.
  public var attributes: [OtherNoun.Attribute]
  /// What is told when the host leaves it.
  public var finding: Finding

  public init(
    name: String, text: String, attributes: [OtherNoun.Attribute], finding: Finding
  ) {
    self.name = name
    self.text = text
    self.attributes = attributes
    self.finding = finding
  }
}
