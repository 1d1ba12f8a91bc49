/// What is added to the numbers of a source so that the receiver sees one unbroken stream of ours.
struct RelayOffset: Hashable {
  var source: UInt32
  var sequence: UInt16
  var timestamp: UInt32
}
