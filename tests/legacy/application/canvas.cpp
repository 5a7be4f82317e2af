#include "canvas.hpp"

#include <algorithm>
#include <cmath>

namespace package_map {

namespace {

// Calls `visit(x, y)` for the pixels of a rectangle that lie in the picture.
template <typename Visit>
void for_each_pixel(Point low, Point high, std::size_t width, std::size_t height, Visit visit) {
    const auto clamp = [](float value, std::size_t limit) {
        return static_cast<std::size_t>(std::clamp(value, 0.0F, static_cast<float>(limit)));
    };
    for (std::size_t y = clamp(std::floor(low.y), height); y < clamp(std::ceil(high.y) + 1.0F, height); ++y) {
        for (std::size_t x = clamp(std::floor(low.x), width); x < clamp(std::ceil(high.x) + 1.0F, width); ++x) {
            visit(x, y);
        }
    }
}

float mix(float a, float b, float share) { return a + (b - a) * share; }

}  // namespace

Canvas::Canvas(std::size_t width, std::size_t height) : width_(width), height_(height), pixels_(width * height) {
    // Night blue, a little lighter in the middle.
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const float u = static_cast<float>(x) / this->width() - 0.5F;
            const float v = static_cast<float>(y) / this->height() - 0.5F;
            const float light = std::exp(-5.0F * (u * u + v * v));
            pixels_[y * width + x] = {mix(0.0016F, 0.0060F, light), mix(0.0022F, 0.0085F, light),
                                      mix(0.0060F, 0.0190F, light)};
        }
    }
}

void Canvas::add_light(Point at, Colour colour, float amount) {
    const float left = std::floor(at.x);
    const float top = std::floor(at.y);
    if (left < 0.0F || top < 0.0F || left + 1.0F >= width() || top + 1.0F >= height()) {
        return;
    }
    const std::size_t corner = static_cast<std::size_t>(top) * width_ + static_cast<std::size_t>(left);
    const float right_share = at.x - left;
    const float low_share = at.y - top;
    const auto add = [&](std::size_t pixel, float share) {
        pixels_[pixel].red += colour.red * amount * share;
        pixels_[pixel].green += colour.green * amount * share;
        pixels_[pixel].blue += colour.blue * amount * share;
    };
    add(corner, (1.0F - right_share) * (1.0F - low_share));
    add(corner + 1, right_share * (1.0F - low_share));
    add(corner + width_, (1.0F - right_share) * low_share);
    add(corner + width_ + 1, right_share * low_share);
}

void Canvas::add_arc(Point from, Point to, Colour start, Colour end, float light) {
    const float x = to.x - from.x;
    const float y = to.y - from.y;
    const Point middle{(from.x + to.x) / 2.0F - 0.14F * y, (from.y + to.y) / 2.0F + 0.14F * x};
    const int steps = std::max(2, static_cast<int>(std::hypot(x, y) * 1.6F));
    for (int step = 0; step <= steps; ++step) {
        const float t = static_cast<float>(step) / static_cast<float>(steps);
        const float a = (1.0F - t) * (1.0F - t);
        const float b = 2.0F * t * (1.0F - t);
        const Point at{a * from.x + b * middle.x + t * t * to.x, a * from.y + b * middle.y + t * t * to.y};
        add_light(at, {mix(start.red, end.red, t), mix(start.green, end.green, t), mix(start.blue, end.blue, t)},
                  light);
    }
}

void Canvas::add_glow(Point centre, float radius, Colour colour, float light) {
    for_each_pixel({centre.x - 3.0F * radius, centre.y - 3.0F * radius},
                   {centre.x + 3.0F * radius, centre.y + 3.0F * radius}, width_, height_,
                   [&](std::size_t x, std::size_t y) {
                       const float u = (static_cast<float>(x) - centre.x) / radius;
                       const float v = (static_cast<float>(y) - centre.y) / radius;
                       const float amount = light * std::exp(-(u * u + v * v));
                       Colour& pixel = pixels_[y * width_ + x];
                       pixel.red += colour.red * amount;
                       pixel.green += colour.green * amount;
                       pixel.blue += colour.blue * amount;
                   });
}

void Canvas::draw_disc(Point centre, float radius, Colour colour, float opacity) {
    draw_stroke(centre, centre, radius, colour, opacity);
}

void Canvas::draw_stroke(Point from, Point to, float radius, Colour colour, float opacity) {
    const float x = to.x - from.x;
    const float y = to.y - from.y;
    const float square = x * x + y * y;
    const float reach = radius + 1.0F;
    for_each_pixel({std::min(from.x, to.x) - reach, std::min(from.y, to.y) - reach},
                   {std::max(from.x, to.x) + reach, std::max(from.y, to.y) + reach}, width_, height_,
                   [&](std::size_t px, std::size_t py) {
                       const float u = static_cast<float>(px) - from.x;
                       const float v = static_cast<float>(py) - from.y;
                       const float t = square > 0.0F ? std::clamp((u * x + v * y) / square, 0.0F, 1.0F) : 0.0F;
                       const float distance = std::hypot(u - t * x, v - t * y);
                       blend(px, py, colour, opacity * std::clamp(radius + 0.5F - distance, 0.0F, 1.0F));
                   });
}

void Canvas::blend(std::size_t x, std::size_t y, Colour colour, float opacity) {
    Colour& pixel = pixels_[y * width_ + x];
    pixel.red = mix(pixel.red, colour.red, opacity);
    pixel.green = mix(pixel.green, colour.green, opacity);
    pixel.blue = mix(pixel.blue, colour.blue, opacity);
}

}  // namespace package_map
