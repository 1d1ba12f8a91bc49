import RCMLBasics
import Testing

@Suite struct ContainerTests {
  @Test func aBoundedQueueKeepsOrderAndRefusesOneTooMany() {
    var queue = BoundedQueue<Int>(limit: 3)
    let added = [queue.append(1), queue.append(2), queue.append(3), queue.append(4)]
    #expect(added == [true, true, true, false])
    let first = queue.popFirst()
    #expect(first == 1)
    _ = queue.append(5)
    let rest = [queue.popFirst(), queue.popFirst(), queue.popFirst()]
    #expect(rest == [2, 3, 5])
    let none = queue.popFirst()
    #expect(none == nil && queue.isEmpty)
  }

  @Test func aBoundedQueueKeepsOrderWhileItGrowsAroundItsEnd() {
    var queue = BoundedQueue<Int>(limit: 1_000)
    var expected: [Int] = []
    var taken: [Int] = []
    for number in 0..<700 {
      let added = queue.append(number)
      #expect(added)
      expected.append(number)
      if number % 3 == 0, let first = queue.popFirst() { taken.append(first) }
    }
    while let next = queue.popFirst() { taken.append(next) }
    #expect(taken == expected)
  }

  @Test func aByteWriterWritesNumbersWhole() {
    var writer = ByteWriter(capacity: 64)
    for value in [0, 9, 10, 65_535, UInt64.max] {
      writer.append(decimal: value)
      writer.append(" ")
    }
    writer.appendHex(0x0123_4567_89ab_cdef)
    #expect(
      String(decoding: writer.finish(), as: UTF8.self)
        == "0 9 10 65535 18446744073709551615 0123456789abcdef")
  }

  @Test func aCallSidIsCAAnd32HexDigits() {
    #expect(CallSid(high: 1, low: 0xff).description == "CA000000000000000100000000000000ff")
  }

  /// A private value must be masked however it is printed.
  @Test func aPrivateValuePrintsAMask() {
    struct Holder { var secret = Private("hunter2") }
    let holder = Holder()
    var dumped = ""
    dump(holder, to: &dumped)
    for text in ["\(holder.secret)", "\(holder)", String(reflecting: holder), dumped] {
      #expect(!text.contains("hunter2"))
    }
    #expect(holder.secret.exposed == "hunter2")
  }
}
