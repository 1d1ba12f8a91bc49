/// A verb that only the host may know (spec D-28, G-19); kept while the setting `ask_verbs` is on.
package struct ForeignVerb: Hashable, Sendable {
  package var name: String
  package var text: String
  /// Its own, and those of the elements inside it as `Stream.url`; their text under their name.
  package var attributes: [OtherNoun.Attribute]
  /// What is told when the host leaves it.
  package var finding: Finding

  package init(
    name: String, text: String, attributes: [OtherNoun.Attribute], finding: Finding
  ) {
    self.name = name
    self.text = text
    self.attributes = attributes
    self.finding = finding
  }
}
