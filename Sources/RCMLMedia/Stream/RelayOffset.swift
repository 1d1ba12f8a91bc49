/// What is added to the numbers of a source so that the receiver sees one unbroken stream of ours.
struct RelayOffset: Hashable {
  /// Of the sender's numbers (`ReceptionStatistics.epoch`): another epoch, another offset.
  var epoch: UInt32
  var sequence: UInt16
  var timestamp: UInt32
}
