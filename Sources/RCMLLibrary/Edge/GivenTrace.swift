import CRCML
import CSystem
import RCMLAgent
import RCMLBasics

/// What a caller of C wants to see of a trace, and how its text is handed out.
enum GivenTrace {
  static func read(
    _ options: UnsafePointer<rcml_ladder_options>?
  ) throws(Failure) -> TraceOptions {
    var wanted = TraceOptions()
    wanted.advice = { topic in
      let code =
        switch topic {
        case .finding(let code): Catalogued.number(of: code)
        case .reason(let code): Int32(code.rawValue)
        }
      return Catalogued.find(code).map {
        TraceOptions.Advice(
          code: $0.code, name: String(cString: $0.name), cause: String(cString: $0.cause),
          fix: String(cString: $0.fix))
      }
    }
    guard let options else { return wanted }
    guard let given = SizedStruct.read(options, otherwise: rcml_ladder_options()) else {
      throw Failure(
        RCML_E_ARGUMENT, "The options were not set up with RCML_LADDER_OPTIONS_INIT.")
    }
    wanted.call = CText.read(given.call)
    wanted.form = try choose("form", given.form, forms) ?? .ladder
    wanted.choice = try choose("choice", given.choice, choices) ?? .all
    wanted.time = try choose("time", given.time, times) ?? .relative
    return wanted
  }

  private static let forms: [(String, TraceOptions.Form)] = [
    ("ladder", .ladder), ("list", .list), ("why", .why), ("json", .objects), ("calls", .calls),
  ]
  private static let choices: [(String, TraceOptions.Choice)] = [
    ("all", .all), ("failed", .failed), ("last", .last),
  ]
  private static let times: [(String, TraceOptions.Time)] = [
    ("relative", .relative), ("local", .wall(offset: { system_seconds_east($0) })),
    ("utc", .wall(offset: { _ in 0 })),
  ]

  private static func choose<Value>(
    _ what: String, _ given: UnsafePointer<CChar>?, _ values: [(name: String, value: Value)]
  ) throws(Failure) -> Value? {
    guard let word = CText.read(given) else { return nil }
    guard let found = values.first(where: { $0.name == word }) else {
      let nearest = Spelling.nearest(word, in: values.map(\.name))
      throw Failure(
        RCML_E_ARGUMENT,
        "There is no \(what) “\(word)” of a ladder"
          + (nearest.map { "; did you mean “\($0)”?" } ?? "."))
    }
    return found.value
  }

  static func hand(
    _ text: String, to function: rcml_text_function, _ context: UnsafeMutableRawPointer?
  ) {
    var text = text
    text.withUTF8 { piece in
      piece.withMemoryRebound(to: CChar.self) { function(context, $0.baseAddress, $0.count) }
    }
  }
}
