// The picture as a PNG file: 8 bits a channel, one compressed block.
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <stdexcept>

#include "canvas.hpp"

namespace package_map {

namespace {

using Bytes = std::vector<unsigned char>;

void append_number(Bytes& bytes, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<unsigned char>(value >> shift));
    }
}

void append_chunk(Bytes& file, const std::string& type, const Bytes& content) {
    append_number(file, static_cast<std::uint32_t>(content.size()));
    const std::size_t start = file.size();
    file.insert(file.end(), type.begin(), type.end());
    file.insert(file.end(), content.begin(), content.end());
    append_number(file,
                  static_cast<std::uint32_t>(crc32(0, file.data() + start, static_cast<uInt>(file.size() - start))));
}

// Bright light saturates softly; then the usual gamma.
unsigned char tone_mapped(float light) {
    const float value = std::pow(1.0F - std::exp(-1.35F * std::max(light, 0.0F)), 1.0F / 2.2F);
    return static_cast<unsigned char>(std::lround(255.0F * std::min(value, 1.0F)));
}

Bytes compressed(const Bytes& content) {
    uLongf size = compressBound(static_cast<uLong>(content.size()));
    Bytes result(size);
    if (compress2(result.data(), &size, content.data(), static_cast<uLong>(content.size()), 6) != Z_OK) {
        throw std::runtime_error("cannot compress the picture");
    }
    result.resize(size);
    return result;
}

}  // namespace

void Canvas::write_png(const std::string& file) const {
    Bytes header;
    append_number(header, static_cast<std::uint32_t>(width_));
    append_number(header, static_cast<std::uint32_t>(height_));
    header.insert(header.end(), {8, 2, 0, 0, 0});  // bits, RGB, and the only methods there are

    Bytes rows;
    rows.reserve(height_ * (3 * width_ + 1));
    for (std::size_t y = 0; y < height_; ++y) {
        rows.push_back(0);  // no filter
        for (std::size_t x = 0; x < width_; ++x) {
            const Colour& pixel = pixels_[y * width_ + x];
            rows.insert(rows.end(), {tone_mapped(pixel.red), tone_mapped(pixel.green), tone_mapped(pixel.blue)});
        }
    }
    Bytes png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    append_chunk(png, "IHDR", header);
    append_chunk(png, "IDAT", compressed(rows));
    append_chunk(png, "IEND", {});
    std::ofstream output(file, std::ios::binary);
    output.write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
    if (!output.flush()) {
        throw std::runtime_error("cannot write the picture to '" + file + "'");
    }
}

}  // namespace package_map
