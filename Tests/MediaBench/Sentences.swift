import RCMLBasics

/// Sentences nobody wrote, many and all different: something to be spoken.
struct Sentences {
  private var random: RandomSource
  private static let starts = [
    "Please tell", "Yesterday we asked", "I would rather not trouble",
    "Somebody should have called",
    "They never listen to", "Could you perhaps remind", "We are sorry to keep", "Nobody warned",
  ]
  private static let people = [
    "the nurse from the third floor", "Mister Hutchinson", "our eldest daughter", "the plumber",
    "Doctor Eisenberg", "your colleague in Liverpool", "all those passengers", "my neighbour Zoe",
    "the committee", "a young violin player", "Captain O'Reilly", "the two engineers",
  ]
  private static let matters = [
    "that the quarterly figures are wrong", "about the leaking pipe under the kitchen",
    "to bring five or six umbrellas", "why the overnight train is late again",
    "how much sugar goes into the dough", "whether the museum opens on Sundays",
    "that account number four seven one one was closed", "to check the oil and the tyres",
    "about the yellow lorry in front of the house", "which of the choirs sang best",
    "where the old oak used to stand", "what on earth happened to the bicycle shed",
  ]
  private static let ends = [
    "before it rains.", "as soon as possible!", "because nobody else will.", "or shall we wait?",
    "although it hardly matters now.", "at twenty past eight.", "if that is all right with you?",
    "and then call me back on extension nine oh two.", "without waking the baby.",
    "once and for all.",
  ]

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func next() -> String {
    func one(_ list: [String], _ chance: UInt64) -> String {
      list[Int(chance % UInt64(list.count))]
    }
    return [
      one(Self.starts, random.next()), one(Self.people, random.next()),
      one(Self.matters, random.next()), one(Self.ends, random.next()),
    ].joined(separator: " ")
  }
}
