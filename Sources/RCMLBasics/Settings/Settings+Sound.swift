/// Sound: where it goes, what is said, played and recorded (spec §13, V, R).
extension Settings {
  static let soundTable: [SettingEntry] = [
    .choice(
      "media", \.media, "U-69",
      "Where sound goes: from phone to phone, by here where a call needs it, or always by here."),
    .ports(
      "rtp_ports", \.rtpPorts, like: "20000-29999", "",
      "The ports for RTP and RTCP; two for each party whose sound comes by here."),
    .choice(
      "rtp_lock", \.rtpLock, "U-67",
      "Whose packets are taken for a party's: those its signalling vouches for, only those of the "
        + "address in its SDP, or anybody's."),
    .choice(
      "srtp", \.srtp, "T-15",
      "Whether sound is secret (SRTP): never, where the other side can, or else there is no call."),
    .flag(
      "srtp_without_tls", \.srtpWithoutTLS, "T-16",
      "Keys of sound are also told over signalling that anybody on its way can read."),
    .seconds(
      "media_timeout", \.mediaTimeout, 0...86_400, like: "60", "U-27",
      "How long a party may send no sound before the call ends; 0 is for ever."),
    .text(
      "speech_program", \.speechProgram,
      "flite, espeak-ng, or the path of a program, with {ssml} behind it if it reads SSML",
      like: "espeak-ng {ssml}", "V-10",
      "The program that says what a Say holds: it reads text and writes WAV."),
    .folder(
      "recordings", \.recordings, like: "/var/spool/rcml", "R-1",
      "The folder that recordings are written to; without it nothing is recorded."),
    .url(
      "recording_url", \.recordingURL, ["http://", "https://", "file://"],
      like: "https://pbx.example/recordings/", "P-60",
      "What RecordingUrl begins with; without it, it is the file's own URL."),
    .folder(
      "sounds", \.sounds, like: "/usr/share/sounds", "V-2",
      "The folder whose files a Play may name by file: URLs; without it there are none."),
    .seconds(
      "sound_cache", \.soundCache, 0...86_400, like: "3600", "V-20",
      "How long a sound of the web is played without being asked for again, at most."),
    .flag(
      "inband_digits", \.inbandDigits, "U-25",
      "Keys are also heard in the sound itself, where libspandsp is installed."),
  ]
}
