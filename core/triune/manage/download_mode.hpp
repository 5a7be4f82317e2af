// SPDX-License-Identifier: Apache-2.0
// How a download goes, and how a thread waits for it.
#pragma once

namespace triune {

// How a download gets its bytes.
enum class DownloadMode {
    staged,  // copied at device-memory speed first: later work on the source reaches no download
    direct,  // straight over the link: for callers who leave the source alone until the download is done
};

// How a thread waits for a download.
enum class WaitMode {
    prompt,    // asleep until shortly before it is due, then awake: it goes on some microseconds after the last byte
    sleeping,  // asleep all the time, which costs no core and some tens of microseconds
};

}  // namespace triune
