import RCMLBasics

/// Draws what one phone of a pointed world does besides.
struct PhoneWriter {
  private var dice: Dice
  private(set) var phone: PhoneExtras

  init(_ phone: PhoneExtras, dice: Dice) {
    self.phone = phone
    self.dice = dice
  }

  mutating func offers(_ count: ClosedRange<Int>, apart: ClosedRange<Int>) {
    var after = dice.within(300...2_500)
    for _ in 0..<dice.within(count) {
      var offer = PhoneExtras.Offer(
        after: after,
        direction: dice.one(of: ["sendrecv", "sendrecv", "sendonly", "recvonly", "inactive"]))
      switch dice.below(10) {
      case 0...2: offer.isEmpty = true
      case 3...6: offer.cancelsAfter = dice.one(of: [1, 30, 300])
      case 7: offer.isUpdate = true
      default: break
      }
      phone.offers.append(offer)
      after += dice.within(apart)
    }
    if dice.chance(60) { phone.thinks = some([0, 30, 400, 1_500, 4_000]) }
    if dice.chance(30) { phone.answers = some([200, 200, 491, 488, 0]) }
    if dice.chance(15) {
      phone.direction = dice.one(of: ["sendonly", "recvonly", "inactive"])
    }
  }

  /// It offers often, and says mostly 491 to what it is offered.
  mutating func glare() {
    offers(2...8, apart: 200...2_500)
    phone.answers = some([491, 491, 200])
  }

  mutating func keys() {
    var after = dice.within(1_200...5_000)
    for _ in 0..<dice.within(1...4) {
      phone.keys.append(after)
      after += dice.within(300...4_000)
    }
    phone.keyNames = some([UInt8(ascii: "7"), UInt8(ascii: "*")])
  }

  private mutating func some<Value>(_ values: [Value]) -> [Value] {
    (0..<dice.within(1...4)).map { _ in dice.one(of: values) }
  }
}
