import RCMLBasics

/// Received header lines as parameters (spec ).
public enum SipHeaderParameters {
  /// what one request may carry of them.
  public static let mostParameters = 50
  public static let mostBytes = 8_192

  /// `SipHeader_<Name>` or `DialSipHeader_<Name>`: every `X-*` header, User-to-User and Diversion, several of a name
  /// joined with `, ` under the spelling that came first. `isCut`: not all of them fitted.
  public static func make(
    prefix: String, from headers: [HeaderLine]
  ) -> (parameters: [Parameter], isCut: Bool) {
    var parameters: [Parameter] = []
    var places: [[UInt8]: Int] = [:]
    var bytes = 0
    var isCut = false
    for header in headers where isTold(header.name) {
      let value = String(decoding: header.value, as: UTF8.self)
      let key = lowercased(header.name)
      if let place = places[key], place < parameters.count {
        guard bytes + value.utf8.count + 2 <= mostBytes else {
          isCut = true
          continue
        }
        bytes += value.utf8.count + 2
        parameters[place].value += ", " + value
        continue
      }
      let name = prefix + String(decoding: header.name, as: UTF8.self)
      let size = name.utf8.count + value.utf8.count
      //
      guard parameters.count < mostParameters, bytes + size <= mostBytes else {
        isCut = true
        continue
      }
      bytes += size
      places[key] = parameters.count
      parameters.append(Parameter(name, value))
    }
    return (parameters, isCut)
  }

  /// Headers of a BYE override those of the final response, name by name.
  public static func overriding(_ headers: [HeaderLine], with later: [HeaderLine]) -> [HeaderLine] {
    let told = later.filter { isTold($0.name) }
    guard !told.isEmpty else { return headers }
    let names = Set(told.map { lowercased($0.name) })
    return headers.filter { !names.contains(lowercased($0.name)) } + told
  }

  private static func isTold(_ name: [UInt8]) -> Bool {
    let lower = lowercased(name)
    return lower.starts(with: "x-".utf8) && lower.count > 2
      || lower.elementsEqual("user-to-user".utf8) || lower.elementsEqual("diversion".utf8)
  }

  private static func lowercased(_ name: [UInt8]) -> [UInt8] {
    name.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
  }
}
