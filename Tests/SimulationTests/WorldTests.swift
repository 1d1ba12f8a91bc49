import RCMLBasics
import Simulator
import Testing

@Test func theSameSeedGivesTheSameWorld() {
  let first = World(seed: 7, journals: true).run()
  let second = World(seed: 7, journals: true).run()
  #expect(first.journal == second.journal)
  #expect(first.inputs == second.inputs)
}
