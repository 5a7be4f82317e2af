// A picture in linear light: strokes and discs add up, and the file gets them tone-mapped.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace package_map {

struct Colour {
    float red, green, blue;
};

struct Point {
    float x, y;
};

class Canvas {
  public:
    Canvas(std::size_t width, std::size_t height);

    float width() const noexcept { return static_cast<float>(width_); }
    float height() const noexcept { return static_cast<float>(height_); }

    void add_light(Point at, Colour colour, float amount);
    // A soft curve from one point to another, its colour changing on the way.
    void add_arc(Point from, Point to, Colour start, Colour end, float light);
    void add_glow(Point centre, float radius, Colour colour, float light);
    // Covers what is below.
    void draw_disc(Point centre, float radius, Colour colour, float opacity);
    void draw_stroke(Point from, Point to, float radius, Colour colour, float opacity);
    // Lower-case letters, digits and some signs; `at` is the left end of the baseline, `size` the height of a "k".
    void draw_text(Point at, float size, const std::string& text, Colour colour);
    static float text_width(float size, const std::string& text);

    // Throws std::runtime_error.
    void write_png(const std::string& file) const;

  private:
    void blend(std::size_t x, std::size_t y, Colour colour, float opacity);

    std::size_t width_;
    std::size_t height_;
    std::vector<Colour> pixels_;
};

}  // namespace package_map
