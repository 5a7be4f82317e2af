// SPDX-License-Identifier: Apache-2.0
// What the download benchmark compares: ways of bringing three arrays of floats to the host, frame after frame.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "work_kernel.hpp"

namespace bench {

// For one thread. A frame is: work is queued on stream() that writes arrays(), then start(); once ready(), take().
class Downloader {
  public:
    Downloader() = default;
    Downloader(const Downloader&) = delete;
    Downloader& operator=(const Downloader&) = delete;
    virtual ~Downloader() = default;

    virtual triune::StreamHandle stream() = 0;
    // Of the frame to come: where its kernel reads and writes. Nothing where a kernel must not touch the memory.
    virtual FrameArrays arrays() = 0;
    // Begins to download the frame queued last.
    virtual void start() = 0;
    // Whether take() would return at once.
    virtual bool ready() = 0;
    // The first x of the frame whose download was started last, waited for.
    virtual float take() = 0;
};

struct DownloaderEntry {
    std::string name;
    std::function<std::unique_ptr<Downloader>(std::size_t count)> make;
};

std::vector<DownloaderEntry> triune_downloaders();
// Plain calls of the device: into pinned memory, and into pageable memory, which blocks.
std::vector<DownloaderEntry> raw_downloaders();
// The frozen legacy library.
std::vector<DownloaderEntry> legacy_downloaders();

}  // namespace bench
