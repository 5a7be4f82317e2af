// What is written to stderr meanwhile.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

class CapturedLog {
  public:
    CapturedLog() : file_(std::tmpfile()), before_(dup(STDERR_FILENO)) {
        std::fflush(stderr);
        dup2(fileno(file_), STDERR_FILENO);
    }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    ~CapturedLog() {
        std::fflush(stderr);
        dup2(before_, STDERR_FILENO);
        close(before_);
        std::fclose(file_);
    }

    std::string text() const {
        std::fflush(stderr);
        std::string all;
        std::rewind(file_);
        for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
        std::fseek(file_, 0, SEEK_END);
        return all;
    }
    bool has(const std::string& words) const { return text().find(words) != std::string::npos; }

  private:
    std::FILE* file_;
    int before_;
};
