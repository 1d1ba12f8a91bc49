/// A date as mail writes it (RFC 2822 §3.3, spec K-11), counted out anew for the checkers.
enum MailDate {
  static func text(unixSeconds: Int) -> String {
    var (days, second) = (unixSeconds / 86_400, unixSeconds % 86_400)
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][days % 7]
    var year = 1970
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    while days >= (isLeap(year) ? 366 : 365) {
      days -= isLeap(year) ? 366 : 365
      year += 1
    }
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var month = 0
    while days >= lengths[month] {
      days -= lengths[month]
      month += 1
    }
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let hour = second / 3600
    second %= 3600
    return "\(weekday), \(two(days + 1)) \(names[month]) \(year) "
      + "\(two(hour)):\(two(second / 60)):\(two(second % 60)) +0000"
  }
}
