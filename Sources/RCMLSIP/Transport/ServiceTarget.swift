import RCMLBasics

/// A host that offers the service, and its port there.
struct ServiceTarget: Hashable, Sendable {
  var name: [UInt8]
  var port: UInt16

  /// In the order in which they are tried: by priority, and within one priority by chance, which the weights load
  /// (RFC 2782, "Weight"). Dice are thrown only where there is a choice.
  static func ordered(
    _ records: [ServiceRecord], random: inout RandomSource
  ) -> [ServiceTarget] {
    var left = records.prefix(Limits.nameRecords).filter { !$0.target.isEmpty && $0.port > 0 }
    // Those of weight 0 first, so that they have their small chance; the sort need not keep an order of its own.
    let order = left.indices.sorted {
      (left[$0].priority, left[$0].weight > 0 ? 1 : 0, $0)
        < (left[$1].priority, left[$1].weight > 0 ? 1 : 0, $1)
    }
    left = order.map { left[$0] }
    var targets: [ServiceTarget] = []
    while let first = left.first {
      let rivals = left.prefix { $0.priority == first.priority }
      var chosen = 0
      if rivals.count > 1 {
        let total = rivals.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
        let dice = random.next() % (total + 1)
        var sum: UInt64 = 0
        for (index, rival) in rivals.enumerated() {
          sum += UInt64(rival.weight)
          guard sum >= dice else { continue }
          chosen = index
          break
        }
      }
      let record = left.remove(at: chosen)
      targets.append(ServiceTarget(name: record.target, port: record.port))
    }
    return targets
  }
}
