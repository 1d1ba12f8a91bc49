/// "Did you mean".
public enum Spelling {
  /// The word with the fewest letters changed, whatever their case, if they are few: at most `bound`, or as many as
  /// suits the length of `word`.
  public static func nearest(_ word: String, in words: [String], bound: Int? = nil) -> String? {
    let bound = bound ?? (word.utf8.count <= 3 ? 1 : max(2, word.utf8.count / 3))
    var best: (word: String, distance: Int)?
    for other in words {
      guard abs(other.utf8.count - word.utf8.count) <= bound else { continue }
      let distance = distance(word.lowercased(), other.lowercased())
      guard distance <= bound, distance < best?.distance ?? .max else { continue }
      best = (other, distance)
    }
    return best?.word
  }

  /// " Did you mean …?", or nothing.
  public static func question(_ word: String, in words: [String]) -> String {
    nearest(word, in: words).map { " Did you mean \($0)?" } ?? ""
  }

  /// Levenshtein, at most 64 octets of each; two neighbours changed round count once.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (left, right) = (Array(a.utf8.prefix(64)), Array(b.utf8.prefix(64)))
    var before = [Int](repeating: 0, count: right.count + 1)
    var row = Array(0...right.count)
    for index in left.indices {
      var next = [index + 1]
      for column in right.indices {
        let replaced = row[column] + (right[column] == left[index] ? 0 : 1)
        var least = min(replaced, row[column + 1] + 1, next[column] + 1)
        if index > 0, column > 0, left[index] == right[column - 1],
          left[index - 1] == right[column]
        {
          least = min(least, before[column - 1] + 1)
        }
        next.append(least)
      }
      before = row
      row = next
    }
    return row[right.count]
  }
}
