// Letters of strokes.
#include <algorithm>
#include <unordered_map>

#include "canvas.hpp"

namespace package_map {

namespace {

// Lines of points, two digits each: x from the left, y from the top; the baseline is at y = 6.
const std::unordered_map<char, const char*> kGlyphs{
    {'a', "321203051636 3236"},
    {'b', "0006 022233352606"},
    {'c', "3322120305162635"},
    {'d', "3036 321203051636"},
    {'e', "04343322120305162635"},
    {'f', "20111116 0222"},
    {'g', "32372808 321203051636"},
    {'h', "0006 0312223336"},
    {'i', "0206 0000"},
    {'j', "121708 1010"},
    {'k', "0006 3204 1336"},
    {'l', "0006"},
    {'m', "0206 03122326 23324346"},
    {'n', "0206 0312223336"},
    {'o', "122233352616050312"},
    {'p', "0208 022233352606"},
    {'q', "3238 321203051636"},
    {'r', "0206 031222"},
    {'s', "3212031424352606"},
    {'t', "101526 0222"},
    {'u', "0205162635 3236"},
    {'v', "022642"},
    {'w', "0216233642"},
    {'x', "0236 3206"},
    {'y', "0226 4218"},
    {'z', "02320636"},
    {'0', "102031352616050110"},
    {'1', "011016"},
    {'2', "01102031320636"},
    {'3', "01102031322313 233435261605"},
    {'4', "26200434"},
    {'5', "3000032334352606"},
    {'6', "20100105162635342303"},
    {'7', "003016"},
    {'8', "102031322313020110 1304051626353423"},
    {'9', "16263531201001021333"},
    {'-', "0424"},
    {'+', "0343 2125"},
    {'.', "0606"},
    {',', "1607"},
    {':', "0303 0606"},
    {'/', "0740"},
};
constexpr float kUnits = 6.0F;  // from the top of a "k" to the baseline

float advance_of(char letter) {
    const auto found = kGlyphs.find(letter);
    if (found == kGlyphs.end()) {
        return 3.0F;
    }
    float right = 0.0F;
    bool is_x = true;
    for (const char* at = found->second; *at != '\0'; ++at) {
        if (*at == ' ') {
            continue;
        }
        right = is_x ? std::max(right, static_cast<float>(*at - '0')) : right;
        is_x = !is_x;
    }
    return right + 1.6F;
}

}  // namespace

float Canvas::text_width(float size, const std::string& text) {
    float units = 0.0F;
    for (const char letter : text) {
        units += advance_of(letter);
    }
    return units * size / kUnits;
}

void Canvas::draw_text(Point at, float size, const std::string& text, Colour colour) {
    const float unit = size / kUnits;
    const float pen = 0.35F + 0.045F * size;
    for (const char letter : text) {
        const auto found = kGlyphs.find(letter);
        const std::string strokes = found == kGlyphs.end() ? "" : found->second;
        const auto point = [&](std::size_t i) {
            return Point{at.x + unit * static_cast<float>(strokes[i] - '0'),
                         at.y + unit * (static_cast<float>(strokes[i + 1] - '0') - kUnits)};
        };
        for (std::size_t i = 0; i + 1 < strokes.size(); i += strokes[i] == ' ' ? 1 : 2) {
            if (strokes[i] == ' ') {
                continue;
            }
            const bool ends = i + 2 >= strokes.size() || strokes[i + 2] == ' ';
            const bool starts = i == 0 || strokes[i - 1] == ' ';
            if (!ends || starts) {
                draw_stroke(point(i), point(ends ? i : i + 2), pen, colour, 0.95F);
            }
        }
        at.x += unit * advance_of(letter);
    }
}

}  // namespace package_map
