// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLRehearsal

@c @implementation
public func rcml_simulate(
  _ simulation: UnsafePointer<rcml_simulation>?, _ function: rcml_simulation_function?,
  _ ladder: rcml_text_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    guard let simulation else { throw .missing("The simulation") }
    guard let given = SizedStruct.read(simulation, otherwise: rcml_simulation()) else {
      throw Failure(RCML_E_ARGUMENT, "The simulation was not set up with RCML_SIMULATION_INIT.")
    }
    let teller = RehearsalTeller(function, context)
    let rehearsal = Rehearsal(
      try GivenRehearsal.read(given), product: LibraryVersion.text, report: teller.tell)
    let journal: [UInt8]
    do throws(Refusal) { journal = try rehearsal.run() } catch let refusal {
      throw Failure(refusal)
    }
    if let path = CText.read(given.journal) { try FileWriter.write(journal, to: path) }
    if let ladder {
      do throws(JournalError) {
        var text = try Ladder.draw(journal)
        text.withUTF8 { piece in
          piece.withMemoryRebound(to: CChar.self) { ladder(context, $0.baseAddress, $0.count) }
        }
      } catch let problem {
        throw Failure(problem)
      }
    }
    if let overrun = rehearsal.ending.overrun { throw Failure(RCML_E_LIMIT, overrun) }
    guard rehearsal.ending.hasEnded else {
      throw Failure(
        RCML_E_STATE, "The caller was turned away before there was a call: the ladder says how.")
    }
    return rehearsal.ending.isCallbackLost ? 1 : RCML_OK.rawValue
  }
}
