import Testing

@testable import RCMLSIP

@Suite struct SlotTableTests {
  @Test func aNumberIsNeverReused() {
    var table = SlotTable<Int>()
    var seen: Set<UInt64> = []
    for round in 0..<1_000 {
      let number = table.insert { _ in round }
      #expect(number != 0 && seen.insert(number).inserted)
      #expect(table[number] == round)
      #expect(table.remove(number) == round)
      #expect(table[number] == nil && table.remove(number) == nil)
    }
    #expect(table.count == 0)
  }

  @Test func aStrangersNumberFindsNothing() {
    var table = SlotTable<Int>()
    let number = table.insert { _ in 7 }
    for wrong in [0, number + 1, number + 1 << 32, .max, number - 1 << 32] as [UInt64] {
      #expect(table[wrong] == nil)
    }
    #expect(table[number] == 7 && table.count == 1)
  }
}
