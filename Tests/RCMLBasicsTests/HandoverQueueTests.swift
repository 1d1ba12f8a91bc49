import RCMLBasics
import Testing

/// What one part leaves for another comes out once, in its order, and nothing of it stays behind.
@Suite struct HandoverQueueTests {
  private final class Counted {
    let number: Int
    private let living: Living
    init(_ number: Int, _ living: Living) {
      self.number = number
      self.living = living
      living.count += 1
    }
    deinit { living.count -= 1 }
  }

  private final class Living { var count = 0 }

  /// Through growth, through making room in front, and through giving back what a rush has taken.
  @Test func whatGoesInComesOutInItsOrder() {
    var random = RandomSource(seed: 7)
    let living = Living()
    do {
      var queue = HandoverQueue<Counted>()
      var (added, taken) = (0, 0)
      for round in 0..<400 {
        for _ in 0..<Int(random.next() % (round == 200 ? 5_000 : 40)) {
          queue.append(Counted(added, living))
          added += 1
        }
        for _ in 0..<Int(random.next() % (round % 50 == 0 ? 10_000 : 40)) {
          guard let next = queue.popFirst() else { break }
          #expect(next.number == taken)
          taken += 1
        }
        #expect(queue.isEmpty == (added == taken))
        #expect(living.count == added - taken)
      }
      #expect(added > taken && taken > 4_000)
    }
    #expect(living.count == 0)
  }

  @Test func itIsAskedWithoutTakingAnything() {
    var queue = HandoverQueue<Int>()
    for number in 1...20 { queue.append(number) }
    _ = queue.popFirst()
    #expect(queue.allSatisfy { $0 > 1 } && !queue.allSatisfy { $0 < 20 })
    #expect(queue.popFirst() == 2)
  }
}
