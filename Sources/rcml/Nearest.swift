/// "Did you mean": the word with the fewest letters changed, if they are few.
enum Nearest {
  static func word(to wrong: String, among words: [String]) -> String? {
    let limit = wrong.count < 4 ? 1 : max(2, wrong.count / 3)
    return words.map { ($0, distance(Array(wrong), Array($0))) }
      .filter { $0.1 <= limit }
      .min { $0.1 < $1.1 }?.0
  }

  /// Levenshtein's, row by row.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
