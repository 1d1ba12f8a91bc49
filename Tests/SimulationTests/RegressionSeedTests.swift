import RCMLBasics
import Simulator
import Testing

/// Seeds that once broke an invariant, run again for ever. What a seed draws changes with the scenario writer; the
/// bugs themselves have tests of their own in the rooms where they were.
@Test(
  arguments: [
    3,  // INVITE repeated in the instant of its answer
    304,  // legs that outlive a call that is stopped were counted for ever
    55,  // a BYE that overtook its 200
    372,  // a re-INVITE about a leg that had gone
    405,  // a 2xx repeated after a re-INVITE
    672,  // stopped while a BYE was unanswered
    693, 8562, 12308,  // repetitions that meet other repetitions
    2658, 7710,  // a re-INVITE before the ACK
    13351, 19290, 33806, 35040, 47060, 56087, 60207, 74160, 86028,
    8637,  // a caller joined to a leg whose BYE came first
    13060,  // a key pressed while its source became another one
    21014, 60868,  // a prompt for a caller whose ACK brings the answer
    7_020_066,  // a late copy of the first INVITE, during a hold
    7_032_073, 7_046_237,  // a fork that was hung up on films on, and is followed
    7_123_585,  // an answer to our re-INVITE after our BYE
    50_003_862,  // an ACK of the first 200 after our offer in another one
  ] as [UInt64])
func aSeedThatOnceBrokeAnInvariantKeepsThemAll(seed: UInt64) {
  let outcome = Simulation.run(seed: seed, journals: true)
  #expect(outcome.violation == nil, "\(String(describing: outcome.violation))")
}
